import { isAscii } from 'node:buffer'

// Above it, copying the bytes next to the head costs more than a second write.
const JOINED_BYTES = 16 * 1024

/**
 * The arguments for `res.end` that send these very bytes. As a string they leave together with the head
 * in one write, which is much of what a small answer costs; latin1 takes each byte for one character and back.
 */
export function joinedBytes(bytes: Buffer): [Buffer] | [string, 'latin1'] {
  return bytes.length > JOINED_BYTES ? [bytes] : [bytes.toString('latin1'), 'latin1']
}

/**
 * What small bytes say, where they are ASCII, as nearly all JSON is: the same bytes in any encoding, so they leave together
 * with the head too, whoever passes them on, and a text is kept with less than a buffer. Null for all others.
 */
export function plainText(chunk: unknown): string | null {
  return Buffer.isBuffer(chunk) && chunk.length <= JOINED_BYTES && isAscii(chunk) ? chunk.toString('latin1') : null
}
