import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { workspacePackages } from '../scripts/workspace/packages.mjs'

const SOURCE = /\.(ts|tsx|mts)$/
const RELATIVE_IMPORT = /(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g
const LEFT_OUT = new Set(['node_modules', 'dist', '.results', '.turbo', 'coverage'])

/** TypeScript files below `folder`. */
function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : sourceFiles(path)
    return SOURCE.test(entry.name) ? [path] : []
  })
}

/** Relative imports of `text` that lead out of `packageFolder`. */
function escapes(text: string, file: string, packageFolder: string): string[] {
  return [...text.matchAll(RELATIVE_IMPORT)]
    .map((match) => match[1]!)
    .filter((specifier) => relative(packageFolder, resolve(dirname(file), specifier)).startsWith('..'))
}

describe('package borders', () => {
  it('sees an import that climbs out of its package', () => {
    // In two pieces, or this very file would be found guilty below.
    const text = `import { a } from ${"'../../api/src/index.js'"}\nimport('./near.js')\n`
    expect(escapes(text, '/house/apps/demo/src/main.ts', '/house/apps/demo')).toEqual(['../../api/src/index.js'])
  })

  it.each(workspacePackages().map(({ name, folder }) => [name, folder] as const))(
    '%s reaches other packages by their names alone',
    (_name, folder) => {
      const found = sourceFiles(folder).flatMap((file) =>
        escapes(readFileSync(file, 'utf8'), file, folder).map((specifier) => `${relative(folder, file)} imports ${specifier}`),
      )
      expect(found).toEqual([])
    },
  )
})
