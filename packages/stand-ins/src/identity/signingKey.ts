import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import * as z from 'zod'

/** An ES256 pair: the private half signs, the public one is what the JWKS document shows. */
export interface SigningKey {
  privateKey: CryptoKey
  publicJwk: JWK & { kid: string }
}

const storedKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
})
type StoredKey = z.infer<typeof storedKeySchema>

/** Makes a new pair that lives as long as the process. */
export async function makeSigningKey(): Promise<SigningKey> {
  return toSigningKey(await newStoredKey())
}

/**
 * Reads the pair kept in `path`, or makes one and keeps it there (readable by its owner alone), so
 * that sessions outlive a restart.
 * @throws {Error} when the file exists and holds no ES256 key
 */
export async function keepSigningKey(path: string): Promise<SigningKey> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text !== null) return toSigningKey(parseStoredKey(path, text))
  const stored = await newStoredKey()
  await mkdir(dirname(path), { recursive: true })
  // Written apart and then renamed: a process killed half-way leaves no half key behind.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(stored), { mode: 0o600 })
  await rename(draft, path)
  return toSigningKey(stored)
}

async function newStoredKey(): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return storedKeySchema.parse({ ...(await exportJWK(privateKey)), kid: randomUUID() })
}

function parseStoredKey(path: string, text: string): StoredKey {
  try {
    return storedKeySchema.parse(JSON.parse(text))
  } catch {
    // Neither the parser's excerpt nor a cause: both would quote the private key.
    throw new Error(`${path} holds no ES256 signing key. Remove the file and a new key is made (everyone signs in again).`)
  }
}

async function toSigningKey({ d, ...publicPart }: StoredKey): Promise<SigningKey> {
  const privateKey = (await importJWK({ ...publicPart, d }, 'ES256')) as CryptoKey
  return { privateKey, publicJwk: { ...publicPart, alg: 'ES256', use: 'sig' } }
}
