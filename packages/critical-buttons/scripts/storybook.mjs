// `npm run storybook`: on http://localhost:6006, or where PORT says.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'

const { PORT = '6006' } = process.env
const command = createRequire(import.meta.url).resolve('storybook/internal/bin/dispatcher')
// `--exact-port`: another port than the one that was asked for would be found by nobody.
const child = spawn(process.execPath, [command, 'dev', '--port', PORT, '--exact-port', '--no-open'], { stdio: 'inherit' })
child.on('exit', (code) => process.exit(code ?? 0))
