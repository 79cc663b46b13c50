import { posix } from 'node:path'
import { valueImports } from './valueImports.js'

/** Two rooms that import each other by value, and the imports that make it so. */
export interface ImportPair {
  /** For example "mutation ↔ queue", in alphabetical order; "." is the package's root. */
  pair: string
  /** For example "mutation/Views.ts imports queue/pickDue.ts", both ways. */
  because: string[]
}

interface Edge {
  from: string
  to: string
  because: string
}

/**
 * Each two folders of a package that import each other by value. A folder inside another is a room of its own.
 * @param files text of each source file by its path below the package, with "/"
 */
export function importPairs(files: ReadonlyMap<string, string>): ImportPair[] {
  const edges = [...files].flatMap(([path, text]) => edgesOf(path, text, files))
  const leads = (from: string, to: string) => edges.filter((edge) => edge.from === from && edge.to === to)
  const names = new Set(edges.filter(({ from, to }) => leads(to, from).length > 0).map(({ from, to }) => [from, to].sort().join(' ↔ ')))
  return [...names].sort().map((pair) => {
    const [left = '', right = ''] = pair.split(' ↔ ')
    return { pair, because: [...leads(left, right), ...leads(right, left)].map(({ because }) => because) }
  })
}

function edgesOf(path: string, text: string, files: ReadonlyMap<string, string>): Edge[] {
  const room = posix.dirname(path)
  return valueImports(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => fileFor(posix.join(room, specifier), files))
    .filter((target) => target !== undefined && posix.dirname(target) !== room)
    .map((target) => ({ from: room, to: posix.dirname(target!), because: `${path} imports ${target}` }))
}

/** The source file behind "queue/pickDue.js"; undefined for styles, data and what is left out. */
function fileFor(path: string, files: ReadonlyMap<string, string>): string | undefined {
  const stem = path.replace(/\.[cm]?jsx?$/, '')
  return [path, ...['.ts', '.tsx', '.mts'].map((ending) => stem + ending)].find((candidate) => files.has(candidate))
}
