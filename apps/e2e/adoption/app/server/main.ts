import type { AddressInfo } from 'node:net'
import { createDependencies, loadConfig, startBackground } from '@org/api'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { createTeamApp } from './app.js'
import { readRealtimeSettings } from './realtimeRouter.js'

const { PORT = '3000', SESSION_SECRET, ...env } = process.env
if (SESSION_SECRET === undefined) throw new Error('SESSION_SECRET is not set, so sessions could not be signed.')

// Migrations are a step of their own (`npm run migrate`): the app's role owns nothing.
const config = loadConfig({ ...env, MODULES: 'leads', MIGRATE_ON_START: 'false' }, { signIn: 'app' })
const dependencies = await createDependencies(config)
const background = await startBackground(dependencies)
const pool = new pg.Pool({ connectionString: env.DATABASE_URL })
const settings = { sessionSecret: SESSION_SECRET, realtime: readRealtimeSettings(env) }
const server = createTeamApp(dependencies, drizzle(pool), settings).listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Ready: http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})

process.once('SIGTERM', async () => {
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
  await background.stop()
  await dependencies.close()
  await pool.end()
})
