import { defineConfig } from 'tsup'

/**
 * JavaScript only, file by file: declarations come from `tsc`, and `bundle: false` keeps each
 * file's "use client" directive where it was written.
 */
export default defineConfig({
  entry: ['src/**/*.{ts,tsx}', '!src/**/*.{test,stories}.{ts,tsx}'],
  format: 'esm',
  target: 'es2022',
  bundle: false,
  clean: true,
  sourcemap: false,
  silent: true,
})
