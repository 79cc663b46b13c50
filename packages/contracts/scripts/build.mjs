// Builds the contracts twice from the same sources: over zod for servers (dist), and over the parser of our own for
// browsers (dist/client). What differs is what "#z" and "#rows" stand for, so that is written into the files here: whoever
// installs the package needs no condition of ours.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { TSC } from '@org/tooling/tsc'

const require = createRequire(import.meta.url)
const run = (program, ...args) => execFileSync(process.execPath, [program, ...args], { stdio: 'inherit' })
const tsup = join(dirname(require.resolve('tsup/package.json')), 'dist/cli-default.js')

rmSync('dist', { recursive: true, force: true })
run(tsup)
run(TSC, '-p', 'tsconfig.build.json')
run(TSC, '-p', 'tsconfig.client.build.json')

const MEANINGS = [
  { name: '#z', server: 'zod/mini', client: 'dist/client/parser/z.js' },
  { name: '#rows', server: 'dist/rows/documentedRows.js', client: 'dist/client/rows/checkedRows.js' },
]

for (const file of filesBelow('dist')) {
  const side = file.startsWith(`${join('dist', 'client')}/`) ? 'client' : 'server'
  const text = readFileSync(file, 'utf8')
  const written = MEANINGS.reduce(
    (all, meaning) => all.replaceAll(new RegExp(`(['"])${meaning.name}\\1`, 'g'), `'${from(file, meaning[side])}'`),
    text,
  )
  if (written !== text) writeFileSync(file, written)
}

function from(file, target) {
  return target.startsWith('dist/') ? relative(dirname(file), target).replace(/^(?!\.)/, './') : target
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
