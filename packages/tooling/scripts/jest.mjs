// Runs the calling package's Jest with native ESM and leaves its counts in .results/jest.json.
// Suites named `*.redis.test.ts` need redis-server; where it is missing they are left out here, and
// `npm test` lists them as not run.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { findRedisServer } from './workspace/systemPrograms.mjs'

const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
const withoutRedis = findRedisServer() ? [] : ['--testPathIgnorePatterns=\\.redis\\.test\\.', '--testPathIgnorePatterns=/node_modules/']
mkdirSync('.results', { recursive: true })
const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    // The embedded database lives for a few seconds a file: optimising its code takes a third of the time of such a file.
    '--liftoff-only',
    jest,
    // First: after an option that takes a list, Jest would read a file pattern as one more entry of it.
    ...process.argv.slice(2),
    '--json',
    '--outputFile=.results/jest.json',
    '--reporters=default',
    ...withoutRedis,
  ],
  { stdio: ['inherit', 'ignore', 'inherit'] },
)
child.on('exit', (code) => process.exit(code ?? 1))
