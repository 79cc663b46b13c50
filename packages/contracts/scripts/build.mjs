// Builds the contracts twice from the same sources: over zod for servers (dist), and over the parser of our own for
// browsers (dist/client). The one thing that differs is what "#z" stands for, so that is written into the files here:
// whoever installs the package needs no condition of ours.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

const require = createRequire(import.meta.url)
const run = (program, ...args) => execFileSync(process.execPath, [program, ...args], { stdio: 'inherit' })
const tsup = join(dirname(require.resolve('tsup/package.json')), 'dist/cli-default.js')
const tsc = require.resolve('typescript/bin/tsc')

rmSync('dist', { recursive: true, force: true })
run(tsup)
run(tsc, '-p', 'tsconfig.build.json')
run(tsc, '-p', 'tsconfig.client.build.json')

for (const file of filesBelow('dist')) {
  const parser = relative(dirname(file), 'dist/client/parser/z.js').replace(/^(?!\.)/, './')
  const target = file.startsWith(`${join('dist', 'client')}/`) ? parser : 'zod/mini'
  const text = readFileSync(file, 'utf8')
  if (text.includes('#z')) writeFileSync(file, text.replaceAll(/(['"])#z\1/g, `'${target}'`))
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
