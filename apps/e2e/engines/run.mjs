// `npm run test:engines`: what must hold in every engine, in Chromium, Firefox and WebKit as Debian packages them.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { provideSystemPrograms } from '@org/tooling/system-programs'

const programs = await provideSystemPrograms(['chromium', 'firefox', 'webkitDriver', 'webkit', 'xvfb'])
const missing = Object.values(programs).filter(({ path }) => path === null)
for (const { installCommand } of missing) console.error(`NOT RUN: a browser is missing. Install it: ${installCommand}`)
process.exitCode = missing.length > 0 ? 1 : await run(process.argv.slice(2))

function run(args) {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const child = spawn(process.execPath, [playwright, 'test', '-c', 'engines', ...args], { cwd, stdio: 'inherit' })
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}
