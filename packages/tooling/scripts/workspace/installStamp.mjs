import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.mjs'

// Inside node_modules, so that deleting those deletes the claim that they are there.
const STAMP = join(ROOT, 'node_modules', '.installed')
const EVERYTHING = '*'

/**
 * True when node_modules hold what the lockfile names for `filter`.
 * @param {string | null} filter a pnpm filter; null means everything
 */
export function isInstalled(filter) {
  if (!existsSync(STAMP) || !existsSync(join(ROOT, 'node_modules', '.modules.yaml'))) return false
  const stamp = readFileSync(STAMP, 'utf8')
  return stamp === stampOf(filter) || stamp === stampOf(null)
}

/** Remembers that `filter` was installed from the present lockfile. */
export function markInstalled(filter) {
  writeFileSync(STAMP, stampOf(filter))
}

function stampOf(filter) {
  const lockfile = readFileSync(join(ROOT, 'pnpm-lock.yaml'))
  return `${createHash('sha256').update(lockfile).digest('hex')} ${filter ?? EVERYTHING}`
}
