import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const SOURCE = /(?<!\.d)\.([cm]?[jt]s|tsx)$/
const ABOUT_SOURCE = /\.(test|stories|measure|chaos)\.[a-z]+$/
const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage', 'test-results', 'storybook-static', 'public'])

/**
 * What a package is made of: text by path below its `src`, or below the package where it has none. Tests and stories
 * are left out: they may look into every room.
 */
export function packageSources(folder: string): Map<string, string> {
  const root = existsSync(join(folder, 'src')) ? join(folder, 'src') : folder
  return new Map(filesBelow(root).map((path) => [relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]))
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) || entry.name.startsWith('.') ? [] : filesBelow(path)
    return SOURCE.test(entry.name) && !ABOUT_SOURCE.test(entry.name) ? [path] : []
  })
}
