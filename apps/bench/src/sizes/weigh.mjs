import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { entryOf } from './pages.mjs'

const PAGE = '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/main.js"></script>'

/** @typedef {{ gzip: number, brotli: number }} Weight bytes, each file by itself as a server sends it */

/**
 * Builds a production page of Vite in a folder of its own under `where`, and weighs its JavaScript.
 * @param {string} code the page's own code
 * @returns {Promise<{ folder: string, start: Weight, of: (files: Iterable<string>) => Weight }>} `start`: the entry and what
 *   it imports statically; `of`: any of its files, by name
 */
export async function weigh(code, where) {
  const { root, chunks } = await buildPage(code, where)
  const of = (files) => weightOf([...files].flatMap((name) => chunks.get(name)?.code ?? []))
  return { folder: join(root, 'dist'), start: of(atStart(chunks)), of }
}

/** The chunks that `weigh` counts at start, with their source maps. */
export async function chunksAtStart(code, where) {
  const { root, chunks } = await buildPage(code, where, { sourcemap: 'hidden' })
  return [...atStart(chunks)].map((name) => ({ ...chunks.get(name), folder: join(root, 'dist/assets') }))
}

async function buildPage(code, where, options = {}) {
  mkdirSync(where, { recursive: true })
  const root = mkdtempSync(join(where, 'page-'))
  writeFileSync(join(root, 'index.html'), PAGE)
  writeFileSync(join(root, 'main.js'), entryOf(code))
  // Warnings would say of each component that "use client" means nothing in a bundle.
  const { output } = await build({ root, configFile: false, logLevel: 'error', mode: 'production', build: options })
  return { root, chunks: new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk])) }
}

/** Bytes of texts, compressed one by one. */
export function weightOf(texts) {
  return {
    gzip: texts.reduce((sum, text) => sum + gzipSync(text).length, 0),
    brotli: texts.reduce((sum, text) => sum + brotliCompressSync(text).length, 0),
  }
}

function atStart(chunks) {
  const loaded = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const name of loaded) for (const other of chunks.get(name).imports) loaded.add(other)
  return loaded
}
