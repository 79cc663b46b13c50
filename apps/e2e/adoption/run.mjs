// `npm run adoption`: a team's own app installs our packages outside the workspace, and two people use it in Chromium: on
// two databases from empty, and again over what the second one holds. Ends with one line, `<n> passed, <m> failed`.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startPostgres } from '@org/tooling/postgres'
import { npm } from '../release/commands.mjs'
import { startProgram } from '../release/startProgram.mjs'
import { createSteps } from '../release/steps.mjs'
import { installApp, packAll } from './install.mjs'
import { journey } from './journey.mjs'
import { addRealtimeSchema, startRealtime } from './realtime.mjs'

const work = mkdtempSync(join(tmpdir(), 'adoption-'))
const app = join(work, 'app')
const steps = createSteps()
try {
  if (await prepare()) await onPostgres()
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 })
}
process.exitCode = steps.summarise()

async function prepare() {
  const tarballs = await steps.step('our packages are packed', () => packAll(join(work, 'tarballs')))
  if (!tarballs) return false
  const installed = await steps.step('npm installs the app', () => installApp(app, tarballs))
  return installed && steps.step('the app’s types are right and it builds', () => npm(['run', 'build'], { cwd: app }))
}

async function onPostgres() {
  const postgres = await startPostgres()
  try {
    const first = urlsOf(await postgres.createDatabase('first'))
    const second = { ...urlsOf(await postgres.createDatabase('second')), hasRealtime: true }
    await withOwner(second, ({ owner }) => addRealtimeSchema(owner))
    await round('from an empty database', first)
    await round('from an empty database with Realtime', second)
    await round('again over its existing data', second)
  } finally {
    await postgres.stop()
  }
}

function startApp(databaseUrl, more) {
  const env = { PORT: '0', DATABASE_URL: databaseUrl, SESSION_SECRET: 'of this example alone', LOG_LEVEL: 'warn', ...more }
  return startProgram(join(app, 'dist/server/main.js'), { cwd: app, env })
}

/** How the owner of everything and the app's role, which owns nothing, reach one database. */
function urlsOf(owner) {
  const app = new URL(owner)
  app.username = 'crm_app'
  app.password = 'crm'
  return { owner, app: app.href }
}

async function round(title, database) {
  const migrate = () => npm(['run', 'migrate'], { cwd: app, env: { DATABASE_URL: database.owner } })
  if (!(await steps.step(`${title}: their migrations and ours are applied`, migrate))) return
  await steps.step(`${title}: two people in Chromium`, () => visit(database))
}

function visit(database) {
  return withOwner(database, async ({ owner, pg }) => {
    const realtime = database.hasRealtime ? await startRealtime({ pg, jose: await ofApp('jose') }, database.owner) : undefined
    try {
      const running = await startApp(database.app, realtime?.env)
      await journey({ url: running.url, owner, isLive: realtime !== undefined }).finally(() => running.stop())
    } finally {
      await realtime?.stop()
    }
  })
}

async function withOwner(database, work) {
  const { default: pg } = await ofApp('pg')
  const owner = new pg.Client(database.owner)
  await owner.connect()
  try {
    return await work({ owner, pg })
  } finally {
    await owner.end()
  }
}

/** A library of the app's. */
async function ofApp(name) {
  return import(pathToFileURL(createRequire(join(app, 'package.json')).resolve(name)).href)
}
