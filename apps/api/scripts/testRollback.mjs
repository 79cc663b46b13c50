#!/usr/bin/env node
/**
 * Runs the API as an earlier commit built it on the schema of this one, as a deploy does that is rolled back by one step:
 * it starts, replays what this code recorded, and carries out what this code then replays, in SQL and in TypeScript.
 *   node scripts/testRollback.mjs [commit]   (the one before HEAD that changed this package, unless given)
 */
import { deepStrictEqual } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '@org/tooling/postgres'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
const commit = process.argv[2] ?? git('log', '--format=%H', '-1', '--skip=1', '--', 'apps/api/src', 'apps/api/sql')
if (commit === '') {
  process.stdout.write(
    'NOT RUN: this clone holds no earlier commit of the API. Fetch them (git fetch --unshallow) to roll a deploy back here.\n',
  )
  process.exit(process.env.CI ? 1 : 0)
}

const ROWS = `insert into public.appointments (id, org_id, title, scheduled_at) select 'apt-' || n, 'org-1', 'First consultation', now() from generate_series(1, 2) n;
  create table public.deals (n integer); insert into public.deals values (0)`

/** Builds that commit beside this one; returns its checkout. */
function build(folder) {
  git('worktree', 'add', '--quiet', '--detach', folder, commit)
  const { packageManager } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const pnpm = (...args) => execFileSync('npx', ['-y', packageManager, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  pnpm('install', '--frozen-lockfile', '--prefer-offline', '--filter', '@org/api...')
  pnpm('exec', 'turbo', 'run', 'build', '--filter=@org/api')
}

async function open({ loadConfig, createDependencies }, url) {
  return createDependencies(loadConfig({ DATABASE_URL: url, LOG_LEVEL: 'error', JWKS_URL: 'http://127.0.0.1:9/', JWT_ISSUER: 'rollback' }))
}

function aCall(request) {
  const caller = { actor: 'user-456', tenant: 'org-1' }
  const times = { ageMs: 0, createdAtMs: Date.now(), ttlMs: 60_000 }
  return { caller, actionName: 'rollback', key: randomUUID(), fingerprint: `v1:${'0'.repeat(64)}`, request, ...times }
}

/** Each call by the first code and then by the second: one effect, and the same bytes. */
async function inTurn(first, second, appointmentId) {
  const inSql = ({ code, opened }, call) => code.runAction(opened.database, { effect: 'confirm_booking', call })
  const inTypeScript = ({ code, opened }, call) =>
    code.inLedger(opened.database, async ({ tx }) =>
      code.answer({ rows: await tx.query('update public.deals set n = n + 1 returning n') }),
    )(call)
  for (const [run, call] of [
    [inSql, aCall({ appointmentId })],
    [inTypeScript, aCall({})],
  ]) {
    const [done, again] = [await run(first, call), await run(second, call)]
    deepStrictEqual([done.status, done.replayed, again.status, again.replayed, again.body], [200, false, 200, true, done.body])
  }
}

const folder = join(mkdtempSync(join(tmpdir(), 'rollback-')), 'earlier')
const postgres = await startPostgres()
try {
  build(folder)
  const url = await postgres.createDatabase()
  const now = await import('../dist/index.js')
  const earlier = await import(join(folder, 'apps/api/dist/index.js'))
  const ours = { code: now, opened: await open(now, url) }
  await ours.opened.database.script(ROWS)
  const theirs = { code: earlier, opened: await open(earlier, url) }
  await inTurn(ours, theirs, 'apt-1')
  await inTurn(theirs, ours, 'apt-2')
  await Promise.all([ours.opened.close(), theirs.opened.close()])
  process.stdout.write(`The API as ${commit.slice(0, 7)} built it runs on this schema.\n`)
} finally {
  await postgres.stop()
  git('worktree', 'remove', '--force', folder)
  rmSync(join(folder, '..'), { recursive: true, force: true })
}
// The server's package leaves handles open that would keep the process.
process.exit(0)
