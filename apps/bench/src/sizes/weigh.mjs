import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { entryOf } from './pages.mjs'

// Inside this package, so that a page finds what the package depends on.
const SCRATCH = fileURLToPath(new URL('../../.results/', import.meta.url))
const PAGE = '<!doctype html><div id="root"></div><script type="module" src="/main.js"></script>'

/**
 * Bytes of JavaScript a production page of Vite loads, minified and gzipped file by file, as a server sends them.
 * @param {string} code the page's own code
 * @returns {Promise<{ start: number, all: number }>} `start`: the entry and what it imports statically; `all`: every lazy chunk too
 */
export async function weigh(code) {
  mkdirSync(SCRATCH, { recursive: true })
  const root = mkdtempSync(join(SCRATCH, 'page-'))
  try {
    writeFileSync(join(root, 'index.html'), PAGE)
    writeFileSync(join(root, 'main.js'), entryOf(code))
    // Warnings would say of each component that "use client" means nothing in a bundle.
    const { output } = await build({ root, configFile: false, logLevel: 'error', mode: 'production', build: { write: false } })
    const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
    return { start: bytesOf(atStart(chunks)), all: bytesOf([...chunks.values()]) }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function atStart(chunks) {
  const loaded = new Set([...chunks.values()].filter(({ isEntry }) => isEntry))
  for (const { imports } of loaded) for (const name of imports) loaded.add(chunks.get(name))
  return [...loaded]
}

function bytesOf(chunks) {
  return chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0)
}
