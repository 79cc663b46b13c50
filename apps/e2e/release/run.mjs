// `npm run test:release`: the packages as a consumer gets them, host modals, and a longer chaos. Ends with one
// line, `<n> passed, <m> failed`. RELEASE_ONLY=consumers leaves the last two out, RELEASE_ONLY=api looks at the API alone.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consumeApi } from './apiConsumer.mjs'
import { checkReports } from './apiReports.mjs'
import { clickOnce } from './click.mjs'
import { npm } from './commands.mjs'
import { build, installConsumer, serve, typecheck } from './consumer.mjs'
import { lookIntoHosts } from './hosts.mjs'
import { attw, checkContents, PUBLISHED, pack, publint } from './packages.mjs'
import { followQuickStarts } from './quickStarts.mjs'
import { followRecipes } from './recipes.mjs'
import { startRegistry } from './registry.mjs'
import { createSteps } from './steps.mjs'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TOOLS = fileURLToPath(new URL('./tools', import.meta.url))
const HOSTS = join(ROOT, 'packages/critical-buttons/test/release/run.mjs')
const REACTS = {
  18.3: { react: '18.3.1', types: '^18.3.0' },
  19: { react: '^19.0.0', types: '^19.0.0' },
}

const work = mkdtempSync(join(tmpdir(), 'release-'))
const steps = createSteps()
try {
  await consumers(work)
  if (process.env.RELEASE_ONLY === undefined) await theLongOnes()
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 })
}
process.exitCode = steps.summarise()

async function consumers(folder) {
  const tools = join(folder, 'tools')
  const ready = await steps.step('verdaccio, publint and attw are installed', async () => {
    cpSync(TOOLS, tools, { recursive: true })
    await npm(['install', '--no-package-lock', '--no-fund', '--no-audit'], { cwd: tools })
  })
  if (!ready) return
  const registry = await startRegistry(tools, join(folder, 'registry'))
  try {
    const isApiAlone = process.env.RELEASE_ONLY === 'api'
    const published = isApiAlone ? ['packages/contracts', 'apps/api'] : PUBLISHED
    for (const path of published) await publish(path, { folder, tools, registry: registry.url })
    await consumeApi(steps, { folder: join(folder, 'express'), registry: registry.url })
    if (isApiAlone) return
    for (const [version, react] of Object.entries(REACTS)) await consume(version, { folder, registry: registry.url, react })
    await lookIntoHosts(steps, { folder: join(folder, 'hosts'), registry: registry.url, version: versionOf('packages/critical-buttons') })
    await followRecipes(steps, { folder: join(folder, 'recipes'), registry: registry.url })
    await followQuickStarts(steps, { folder: join(folder, 'quick-starts'), registry: registry.url })
  } finally {
    await registry.stop()
  }
}

async function publish(path, { folder, tools, registry }) {
  const name = basename(path)
  const tarball = await steps.step(`${name} is packed`, () => pack(ROOT, path, join(folder, 'tarballs')))
  if (!tarball) return
  await steps.step(`${name} holds what it should`, () => checkContents(tarball))
  await steps.step(`${name} exports what its reports say`, () => checkReports(path))
  await steps.step(`${name} passes publint`, () => publint(tools, tarball))
  await steps.step(`${name} passes attw`, () => attw(tools, tarball))
  const home = join(folder, 'publisher')
  mkdirSync(home, { recursive: true })
  await steps.step(`${name} is published`, () =>
    npm(
      ['publish', tarball, `--@org:registry=${registry}`, `--${registry.replace('http:', '')}:_authToken=anybody`, '--registry', registry],
      {
        cwd: home,
      },
    ),
  )
}

function versionOf(path) {
  return JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')).version
}

async function consume(version, { folder, registry, react }) {
  const app = join(folder, `react-${version}`)
  const installed = await steps.step(`React ${version}: npm installs it`, () =>
    installConsumer({ folder: app, registry, version: versionOf('packages/critical-buttons'), react }),
  )
  if (!installed) return
  await steps.step(`React ${version}: the sample's types are right`, () => typecheck(app))
  const built = await steps.step(`React ${version}: Vite builds it`, () => build(app))
  if (built) await steps.step(`React ${version}: a click in Chromium takes effect once`, () => clickInBuild(app))
}

async function clickInBuild(folder) {
  const app = await serve(folder)
  await clickOnce({ origin: app.url, serve: async () => app })
}

async function theLongOnes() {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  await steps.step('the dashboard: how it looks, and 5,000 leads', () =>
    visibly([playwright, 'test', '-c', 'release/playwright.config.ts'], join(ROOT, 'apps/e2e')),
  )
  if (existsSync(HOSTS)) await steps.step('host modals and frameworks', () => visibly([HOSTS], join(HOSTS, '../../..')))
  const jest = join(ROOT, 'packages/tooling/scripts/jest.mjs')
  const chaos = [jest, '--maxWorkers=1', '--testMatch=<rootDir>/test/**/*.chaos.ts']
  await steps.step('a longer chaos', () => visibly(chaos, join(ROOT, 'apps/api'), { CHAOS_CLICKS: process.env.CHAOS_CLICKS ?? '2000' }))
}

async function visibly(args, cwd, env = {}) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' })
  const code = await new Promise((resolve) => child.on('exit', resolve).on('error', () => resolve(1)))
  if (code !== 0) throw new Error(`it ended with exit code ${code}`)
}
