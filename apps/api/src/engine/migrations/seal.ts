import { createHash } from 'node:crypto'

const SEAL = /^-- .*\bSeal: ([0-9a-f]{64})$/

/**
 * Whether a file of ours is as it was made: its first line says the SHA-256 of the rest. Null when it has no such line.
 * Line ends may differ: version control changes them.
 */
export function isSealed(text: string): boolean | null {
  const plain = text.replaceAll('\r\n', '\n')
  const end = plain.indexOf('\n')
  const [, seal] = SEAL.exec(plain.slice(0, end)) ?? []
  return seal === undefined
    ? null
    : seal ===
        createHash('sha256')
          .update(plain.slice(end + 1))
          .digest('hex')
}
