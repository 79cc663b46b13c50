// What a page is made of: each file's share of a page that run.mjs weighs, minified and as gzip would be lighter without it.
// npm run sizes:parts -- [page] [--code file]     from the packages' dist, so they must be built. Prints alone; `--code`
// keeps the minified code, file by file, to be read.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { PAGES } from './pages.mjs'
import { chunksAtStart } from './weigh.mjs'

const SCRATCH = fileURLToPath(new URL('../../.results/', import.meta.url))
const REACT = /node_modules\/(react|react-dom|scheduler)\//
const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { code: { type: 'string' } } })
const wanted = positionals[0] ?? 'hook'

mkdirSync(SCRATCH, { recursive: true })
const where = mkdtempSync(join(SCRATCH, 'parts-'))
try {
  const page = PAGES.find(({ name }) => name === wanted)
  if (page === undefined) throw new RangeError(`No page is called "${wanted}". There are: ${PAGES.map(({ name }) => name).join(', ')}.`)
  const shares = (await chunksAtStart(page.code, where)).flatMap(sharesOf).filter(({ file }) => !REACT.test(file))
  shares.sort((one, other) => other.gzip - one.gzip)
  console.table(Object.fromEntries(shares.map(({ file, minified, gzip }) => [nameOf(file), { minified, gzip }])))
  console.table(byRoom(shares))
  if (options.code !== undefined) writeFileSync(options.code, shares.map(({ file, text }) => `\n/* ${file} */\n${text}`).join('\n'))
} finally {
  rmSync(where, { recursive: true, force: true })
}

/** Each file of a chunk: what it came to, and what the chunk would be without it. */
function sharesOf({ code, map, folder }) {
  const whole = gzipSync(code).length
  return [...piecesOf(code, map)].map(([file, pieces]) => {
    const text = pieces.map(([from, to]) => code.slice(from, to)).join('')
    const without = cut(code, pieces)
    return { file: resolve(folder, file), minified: text.length, gzip: whole - gzipSync(without).length, text }
  })
}

/** From where to where each source reaches in a chunk's code. */
function piecesOf(code, map) {
  const entries = new SourceMap(map)
  const pieces = new Map()
  let offset = 0
  for (const [line, text] of code.split('\n').entries()) {
    let from = 0
    let owner = entries.findEntry(line, 0).originalSource
    for (let column = 1; column <= text.length; column++) {
      const next = column === text.length ? undefined : entries.findEntry(line, column).originalSource
      if (next === owner) continue
      if (owner !== undefined) pieces.set(owner, [...(pieces.get(owner) ?? []), [offset + from, offset + column]])
      from = column
      owner = next
    }
    offset += text.length + 1
  }
  return pieces
}

function cut(code, pieces) {
  let rest = ''
  let at = 0
  for (const [from, to] of pieces) {
    rest += code.slice(at, from)
    at = to
  }
  return rest + code.slice(at)
}

function nameOf(file) {
  return file
    .replace(/.*packages\//, '')
    .replace(/.*node_modules\//, '')
    .replace('/dist/', '/')
}

function byRoom(shares) {
  const rooms = {}
  for (const { file, minified, gzip } of shares) {
    const room = dirname(nameOf(file))
    rooms[room] ??= { minified: 0, gzip: 0 }
    rooms[room].minified += minified
    rooms[room].gzip += gzip
  }
  return rooms
}
