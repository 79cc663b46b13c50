import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(fileURLToPath(new URL('../../../', import.meta.url)))
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')

/** One complaint of Biome about a fixture file. */
export interface Complaint {
  /** Path relative to the workspace root, with "/". */
  path: string
  /** For example "lint/style/noRestrictedImports". */
  rule: string
}

/**
 * Lays `files` (path in the workspace → text) into a temporary folder under the workspace's own
 * Biome configuration, and returns what Biome says about them.
 */
export async function complaintsAbout(files: Readonly<Record<string, string>>): Promise<Complaint[]> {
  const folder = await mkdtemp(join(tmpdir(), 'import-rules-'))
  try {
    for (const name of ['.biome.json', '.gitignore']) await copyFile(join(ROOT, name), join(folder, name))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    return parseReport(await runBiome(folder), folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runBiome(folder: string): Promise<string> {
  const args = [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', '.']
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 10_000_000 }, (_exitCodeError, stdout, stderr) =>
      stdout ? done(stdout) : fail(new Error(`Biome gave no report: ${stderr}`)),
    )
  })
}

interface Report {
  diagnostics: { category: string; location: { path: string | { file: string } } }[]
}

function parseReport(text: string, folder: string): Complaint[] {
  const report = JSON.parse(text) as Report
  return report.diagnostics.map(({ category, location }) => {
    const path = typeof location.path === 'string' ? location.path : location.path.file
    return { path: relative(folder, resolve(folder, path)).replaceAll('\\', '/'), rule: category }
  })
}
