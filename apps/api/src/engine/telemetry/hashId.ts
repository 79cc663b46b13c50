import { createHmac, randomBytes } from 'node:crypto'

/** An organisation or a person as the log may know it: the same one is the same word, and the word says nothing of who it is. */
export type HashId = (id: string) => string

/**
 * Makes the hash: the first 16 hexadecimal digits of HMAC-SHA256.
 * @param key `LOG_HASH_KEY`; null: one of this process alone, so that lines of two processes cannot be joined
 */
export function createHashId(key: string | null): HashId {
  const secret = key ?? randomBytes(32)
  return (id) => createHmac('sha256', secret).update(id).digest('hex').slice(0, 16)
}
