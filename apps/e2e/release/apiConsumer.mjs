import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@org/tooling/loopback'
import { startPostgres } from '@org/tooling/postgres'
import { npm, run } from './commands.mjs'
import { npmrc } from './registry.mjs'
import { cpuMsOf, judgeStart } from './startTime.mjs'

/** What a deployment carries at most, in bytes. */
const MOST_BYTES = 80 * 1024 * 1024
const JWKS_URL = 'http://127.0.0.1:1/jwks.json'
/** An account that nobody has. */
const TWILIO = { TWILIO_ACCOUNT_SID: 'ACnobody', TWILIO_AUTH_TOKEN: 'nobody', TWILIO_FROM: '+15005550006' }
const OPTIONAL = ['@electric-sql/pglite', 'twilio']

const APP = `import express from 'express'
import { createApiRouter, createDependencies, loadConfig, startBackground } from '@org/api'

const dependencies = await createDependencies(loadConfig(process.env, { signIn: 'app' }))
const app = express().use(express.json())
app.use('/crm', createApiRouter(dependencies, { caller: (req) => ({ actor: String(req.headers['x-user']), tenant: 'org-1' }) }))
await startBackground(dependencies)
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'))
`

/** An Express app of a team's that installs the API from a registry: what it weighs, what it says where something is missing, and that it works. */
export async function consumeApi(steps, { folder, registry }) {
  const installed = await steps.step('API: npm installs it into an Express app', () => install(folder, registry))
  if (!installed) return
  await steps.step('API: it brings neither the embedded database nor the SDK of Twilio, and at most 80 MB', () => weigh(folder))
  await steps.step('API: without an embedded database it says what to install', () =>
    says(folder, { JWKS_URL }, 'npm install @electric-sql/pglite'),
  )
  const postgres = await startPostgres()
  try {
    const env = {
      DATABASE_URL: await postgres.createDatabase(),
      JWKS_URL: 'http://127.0.0.1:1/jwks.json',
      MODULES: 'bookings,leads,crm',
      LOG_LEVEL: 'warn',
    }
    await steps.step('API: org-api migrate makes the schema', () => orgApi(folder, ['migrate'], env))
    await steps.step('API: without the SDK of Twilio it says what to install', () =>
      says(folder, { ...env, ...TWILIO, MODULES: '' }, 'npm install twilio'),
    )
    await steps.step('API: org-api start is ready within 2 s', () => startsInTime(folder, env))
    await steps.step('API: mounted in the app it answers', () => answersMounted(folder, env))
  } finally {
    await postgres.stop()
  }
}

async function install(folder, registry) {
  mkdirSync(folder, { recursive: true })
  const dependencies = { '@org/api': 'latest', express: '^5.0.0' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'team', private: true, type: 'module', dependencies }))
  writeFileSync(join(folder, '.npmrc'), npmrc(registry))
  writeFileSync(join(folder, 'app.js'), APP)
  await npm(['install', '--no-package-lock', '--omit=dev', '--omit=optional'], { cwd: folder })
  return true
}

function weigh(folder) {
  const unwanted = OPTIONAL.filter((name) => existsSync(join(folder, 'node_modules', name)))
  if (unwanted.length > 0) throw new Error(`It brings ${unwanted.join(', ')}, which are for whoever asks for them.`)
  const bytes = bytesBelow(join(folder, 'node_modules'))
  process.stdout.write(`  node_modules: ${(bytes / 1024 / 1024).toFixed(1)} MB\n`)
  if (bytes > MOST_BYTES) throw new Error(`node_modules weighs ${Math.round(bytes / 1024 / 1024)} MB.`)
}

function bytesBelow(path) {
  const entry = lstatSync(path)
  return entry.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0) : entry.size
}

async function says(folder, env, words) {
  const said = await orgApi(folder, ['start'], env).then(
    () => 'nothing',
    (error) => error.message,
  )
  if (!said.includes(words)) throw new Error(`It should have said "${words}", and said: ${said}`)
}

function orgApi(folder, words, env) {
  return run(process.execPath, [join(folder, 'node_modules/@org/api/bin/org-api.mjs'), ...words], { cwd: folder, env })
}

async function startsInTime(folder, env) {
  const startedAt = performance.now()
  await whileRunning(folder, ['node_modules/@org/api/bin/org-api.mjs', 'start'], env, async (url, { pid }) => {
    await untilReady(`${url}/readyz`)
    judgeStart({ tookMs: performance.now() - startedAt, cpuMs: cpuMsOf(pid) })
  })
}

function answersMounted(folder, env) {
  return whileRunning(folder, ['app.js'], env, async (url) => {
    await untilReady(`${url}/crm/api/session`, { 'x-user': 'user-1' })
    const answer = await fetch(`${url}/crm/api/session`, { headers: { 'x-user': 'user-1' } })
    const body = await answer.text()
    if (body !== '{"actor":"user-1","tenant":"org-1"}') throw new Error(`It answered ${answer.status} ${body}`)
  })
}

async function whileRunning(folder, args, env, work) {
  const port = await freePort()
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env, PORT: String(port) }, stdio: 'inherit' })
  const exited = new Promise((resolve) => child.on('exit', resolve))
  try {
    await work(`http://127.0.0.1:${port}`, child)
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}

async function untilReady(url, headers = {}, limitMs = 15_000) {
  const deadline = performance.now() + limitMs
  for (;;) {
    const answer = await fetch(url, { headers }).catch(() => null)
    if (answer?.ok) return
    if (performance.now() > deadline) throw new Error(`${url} did not answer 200 within ${limitMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
