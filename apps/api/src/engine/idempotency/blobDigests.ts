import { hash } from 'node:crypto'

/** The bytes of a Blob or File are needed, which only come later. */
export class BytesNeededError extends Error {
  override readonly name = 'BytesNeededError'
  readonly blob: Blob

  constructor(blob: Blob) {
    super('the bytes of a file were not read yet')
    this.blob = blob
  }
}

const digests = new WeakMap<Blob, string>()

/**
 * SHA-256 of its bytes.
 * @throws {BytesNeededError} before `readBlob`
 */
export function digestOfBlob(blob: Blob): string {
  const digest = digests.get(blob)
  if (digest === undefined) throw new BytesNeededError(blob)
  return digest
}

/** Reads its bytes, so that `digestOfBlob` knows them. */
export async function readBlob(blob: Blob): Promise<void> {
  digests.set(blob, hash('sha256', new Uint8Array(await blob.arrayBuffer()), 'base64url'))
}
