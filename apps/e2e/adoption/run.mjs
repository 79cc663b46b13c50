// `npm run adoption`: a team's own app installs our packages outside the workspace, and two people use it in Chromium: on
// two databases from empty, and again over what the second one holds. Ends with one line, `<n> passed, <m> failed`.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { npm } from '../release/commands.mjs'
import { createSteps } from '../release/steps.mjs'
import { installApp, packAll } from './install.mjs'
import { journey } from './journey.mjs'
import { startPostgres } from './postgres.mjs'
import { startApp } from './startApp.mjs'

const work = mkdtempSync(join(tmpdir(), 'adoption-'))
const app = join(work, 'app')
// Postgres may run as another user, and is installed in there.
chmodSync(work, 0o711)
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
  const postgres = await startPostgres(app)
  try {
    const first = await postgres.createDatabase('first')
    const second = await postgres.createDatabase('second')
    await round('from an empty database', first)
    await round('from another empty database', second)
    await round('again over its existing data', second)
  } finally {
    await postgres.stop()
  }
}

async function round(title, database) {
  const migrate = () => npm(['run', 'migrate'], { cwd: app, env: { DATABASE_URL: database.owner } })
  if (!(await steps.step(`${title}: their migrations and ours are applied`, migrate))) return
  await steps.step(`${title}: two people in Chromium`, () => visit(database))
}

async function visit(database) {
  const { default: pg } = await import(pathToFileURL(createRequire(join(app, 'package.json')).resolve('pg')).href)
  const owner = new pg.Client(database.owner)
  await owner.connect()
  const running = await startApp(app, database.app).catch(async (error) => {
    await owner.end()
    throw error
  })
  try {
    await journey({ url: running.url, owner })
  } finally {
    await running.stop()
    await owner.end()
  }
}
