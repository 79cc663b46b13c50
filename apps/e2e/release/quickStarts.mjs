import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, untilAnswers } from '@org/tooling/loopback'
import { clickOnce } from './click.mjs'
import { newcomersEnv, run } from './commands.mjs'
import { followPage } from './page.mjs'
import { npmrc } from './registry.mjs'

/** Pages that end with a button in a browser, and where that is. */
const STARTS = [
  { page: 'start-vite', path: '/' },
  { page: 'start-next', path: '/', confirm: true },
  { page: 'start-react-router', path: '/appointments/apt-123' },
]
/** A newcomer's time from an empty folder to a working button. Milliseconds. */
const PROMISED_MS = 5 * 60_000

/** Follows every page of how to begin, from an empty folder each, with our packages from `registry`. */
export async function followQuickStarts(steps, { folder, registry }) {
  mkdirSync(folder, { recursive: true })
  const userconfig = join(folder, 'npmrc')
  writeFileSync(userconfig, npmrc(registry))
  const env = { npm_config_userconfig: userconfig, npm_config_cache: join(folder, 'cache'), NEXT_TELEMETRY_DISABLED: '1', CI: 'true' }
  for (const start of STARTS)
    await steps.step(`${start.page}.md ends with a button that works, in five minutes`, () =>
      fromNothing(start, join(folder, start.page), env),
    )
  await steps.step('testing.md: its test passes in Vitest and in Jest', () => firstTest(join(folder, 'testing'), env))
  await steps.step('quick-start.md and own-app.md compile with what they install', () => compileAlone(join(folder, 'own-page'), env))
}

async function fromNothing({ page, path, confirm = false }, folder, env) {
  const began = Date.now()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  await clickOnce({
    origin,
    confirm,
    serve: async (api) => {
      const app = await followPage(page, { folder, env, api })
      return startDev(app, port, env, path)
    },
  })
  if (Date.now() - began > PROMISED_MS) throw new Error(`It took ${Math.round((Date.now() - began) / 1_000)} s.`)
}

/** `npm run dev`, on a port of its own. */
async function startDev(app, port, env, path) {
  const child = spawn('npm', ['run', 'dev', '--', '--port', String(port)], {
    cwd: app,
    env: newcomersEnv(env),
    stdio: 'ignore',
    detached: true,
  })
  const url = `http://localhost:${port}${path}`
  await untilAnswers(url, child)
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit')
      // npm hands no signal on to what it started: the whole group is ended.
      process.kill(-child.pid, 'SIGTERM')
      await exited
    },
  }
}

/** The page of tests stands on an app of Vite, as the first page makes one. */
async function firstTest(folder, env) {
  mkdirSync(folder, { recursive: true })
  const app = await newApp(folder, env)
  await run('npm', ['install', '@org/critical-buttons'], { cwd: app, env })
  await followPage('testing', { folder: app, env })
}

async function compileAlone(folder, env) {
  mkdirSync(folder, { recursive: true })
  const app = await newApp(folder, env)
  await followPage('quick-start', { folder: app, env })
  await followPage('own-app', { folder: app, env })
  writeFileSync(join(app, 'tsconfig.pages.json'), JSON.stringify({ extends: './tsconfig.app.json', include: ['src', 'app'] }))
  await run('npx', ['tsc', '-p', 'tsconfig.pages.json'], { cwd: app, env })
}

async function newApp(folder, env) {
  await run('npm', ['create', '-y', 'vite@9', 'my-app', '--', '--template', 'react-ts', '--no-interactive'], { cwd: folder, env })
  const app = join(folder, 'my-app')
  await run('npm', ['install'], { cwd: app, env })
  return app
}
