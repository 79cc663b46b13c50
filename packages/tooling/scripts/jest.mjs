// Runs the calling package's Jest with native ESM and leaves its counts in .results/jest.json.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'

const jest = createRequire(import.meta.url).resolve('jest/bin/jest')
mkdirSync('.results', { recursive: true })
const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--json',
    '--outputFile=.results/jest.json',
    '--reporters=default',
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'ignore', 'inherit'] },
)
child.on('exit', (code) => process.exit(code ?? 1))
