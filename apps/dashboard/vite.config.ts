import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const DEMO = process.env.DEMO_URL ?? 'http://localhost:4300'
const SERVED_BY_THE_DEMO = ['/api', '/realtime', '/_stand-ins', '/settings.json']

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 900 },
  // `vite dev` beside a running demo: the same origin for the browser, live code for us.
  server: { proxy: Object.fromEntries(SERVED_BY_THE_DEMO.map((path) => [path, { target: DEMO, ws: path === '/realtime' }])) },
})
