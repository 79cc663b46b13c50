// Above it, copying the bytes next to the head costs more than a second write.
const JOINED_BYTES = 16 * 1024

/**
 * The arguments for `res.end` that send these very bytes. As a string they leave together with the head
 * in one write, which is much of what a small answer costs; latin1 takes each byte for one character and back.
 */
export function joinedBytes(bytes: Buffer): [Buffer] | [string, 'latin1'] {
  return bytes.length > JOINED_BYTES ? [bytes] : [bytes.toString('latin1'), 'latin1']
}
