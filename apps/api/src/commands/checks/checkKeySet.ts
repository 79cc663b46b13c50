import type { Config } from '../../config.js'
import { type Finding, good, LONGEST_LOOK_MS, leftOut, reasonOf, wrong } from './Finding.js'

/** Whether the identity provider's key set can be read from here, and holds a key that a token can be checked with. */
export async function checkKeySet({ auth: { jwksUrl } }: Pick<Config, 'auth'>): Promise<Finding> {
  if (jwksUrl === null)
    return leftOut('key set', 'JWKS_URL is not set: tokens are checked with the shared secret alone, or by the app that mounts the API.')
  try {
    const response = await fetch(jwksUrl, { signal: AbortSignal.timeout(LONGEST_LOOK_MS) })
    if (response.status !== 200) return away(`It answers ${response.status}`)
    const usable = usableKeys(await response.json().catch(() => null))
    if (usable > 0) return good('key set', `It holds ${usable} ${usable === 1 ? 'key' : 'keys'} for ES256 or RS256.`)
    return away('It answers, and holds no key for ES256 or RS256')
  } catch (error) {
    return away(`It does not answer (${reasonOf(error)})`)
  }
}

function away(what: string): Finding {
  return wrong(
    'key set',
    `${what}, so nobody could sign in.`,
    'Check JWKS_URL from this machine: it is the provider’s address that ends in jwks.json, mostly.',
  )
}

function usableKeys(body: unknown): number {
  const { keys } = (body ?? {}) as { keys?: unknown }
  if (!Array.isArray(keys)) return 0
  return keys.filter((key: { kty?: unknown; crv?: unknown } | null) => key?.kty === 'RSA' || (key?.kty === 'EC' && key.crv === 'P-256'))
    .length
}
