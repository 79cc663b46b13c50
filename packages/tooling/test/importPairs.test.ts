import { describe, expect, it } from '@jest/globals'
import { workspacePackages } from '../scripts/workspace/packages.mjs'
import { importPairs } from './importPairs.js'
import { packageSources } from './packageSources.js'
import { valueImports } from './valueImports.js'

/** Pairs that are still there. The list only shrinks: a pair that is gone must be struck out, and no new one comes in. */
const STILL_THERE: Readonly<Record<string, readonly string[]>> = {
  '@org/contracts': ['. ↔ actions', '. ↔ openapi', '. ↔ rows'],
}

describe('value imports', () => {
  it.each([
    ["import { a } from './a.js'"],
    ["import a from './a.js'"],
    ["import a, { type B } from './a.js'"],
    ["import { type B, a } from './a.js'"],
    ["import * as a from './a.js'"],
    ["import './a.js'"],
    ["import {} from './a.js'"],
    ["export { a } from './a.js'"],
    ["export * from './a.js'"],
    ["export * as a from './a.js'"],
    ["const a = () => import('./a.js')"],
    ['const a = await import(`./a.js`)'],
    ['const view = <p>{await import("./a.js")}</p>'],
  ])('%s counts', (text) => {
    expect(valueImports(text)).toEqual(['./a.js'])
  })

  it.each([
    ["import type { A } from './a.js'"],
    ["import type A from './a.js'"],
    ["import type * as a from './a.js'"],
    ["import { type A, type B } from './a.js'"],
    ["export type { A } from './a.js'"],
    ["export type * from './a.js'"],
    ["export { type A } from './a.js'"],
    ["let a: import('./a.js').A"],
    ["// import { a } from './a.js'"],
    ['const text = "import { a } from \'./a.js\'"'],
  ])('%s does not', (text) => {
    expect(valueImports(text)).toEqual([])
  })
})

describe('pairs of folders', () => {
  const pairs = (files: Record<string, string>) => importPairs(new Map(Object.entries(files)))

  it('are found with the imports that make them', () => {
    const files = {
      'queue/put.ts': "import { view } from '../view/view.js'",
      'view/view.ts': "export { shape } from './shape.js'",
      'view/shape.tsx': "const take = () => import('../queue/take.js')",
      'queue/take.ts': 'export const take = 1',
    }
    const because = ['queue/put.ts imports view/view.ts', 'view/shape.tsx imports queue/take.ts']
    expect(pairs(files)).toEqual([{ pair: 'queue ↔ view', because }])
  })

  it('are found between the root and a room, and between a room and one inside it', () => {
    const files = {
      'index.ts': "import '../src/queue/a.js'\nimport './queue/a.js'",
      'queue/a.ts': "import { b } from './inner/b.js'\nimport { all } from '../index.js'",
      'queue/inner/b.ts': "import { a } from '../a.js'",
    }
    expect(pairs(files).map(({ pair }) => pair)).toEqual(['. ↔ queue', 'queue ↔ queue/inner'])
  })

  it('are none when one side wants types alone, or when three rooms make a round', () => {
    const files = {
      'a/a.ts': "import { b } from '../b/b.js'",
      'b/b.ts': "import type { A } from '../a/a.js'\nimport { c } from '../c/c.js'",
      'c/c.ts': "import { type B } from '../b/b.js'\nimport { a } from '../a/a.js'",
    }
    expect(pairs(files)).toEqual([])
  })
})

describe.each(workspacePackages().map(({ name, folder }) => ({ name, folder })))('$name', ({ name, folder }) => {
  const found = importPairs(packageSources(folder))
  const allowed = STILL_THERE[name] ?? []

  it('has no two folders that import each other by value', () => {
    expect(found.filter(({ pair }) => !allowed.includes(pair))).toEqual([])
  })

  it('has every pair that is still excused', () => {
    expect(allowed.filter((pair) => !found.some((one) => one.pair === pair))).toEqual([])
  })
})
