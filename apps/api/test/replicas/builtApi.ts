import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

/** The program that is deployed, built anew when a source is younger than it. */
export async function builtApi(): Promise<string> {
  const main = join(PACKAGE, 'dist/commands/main.js')
  const [built, changed] = await Promise.all([changedAt(main), newest(join(PACKAGE, 'src'))])
  if (changed > built) await build()
  return main
}

async function build(): Promise<void> {
  const tsup = join(dirname(createRequire(import.meta.url).resolve('tsup/package.json')), 'dist/cli-default.js')
  const child = spawn(process.execPath, [tsup], { cwd: PACKAGE, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`tsup ended with ${code}, so there is no API to start replicas of`)
}

async function newest(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true })
  const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  return Math.max(...(await Promise.all(sources.map((name) => changedAt(join(folder, name))))))
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
