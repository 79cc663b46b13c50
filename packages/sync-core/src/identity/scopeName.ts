/** Who is signed in. */
export interface User {
  actor: string
  tenant: string
}

/** Null is nobody. */
export function isSameUser(left: User | null, right: User | null): boolean {
  return left?.actor === right?.actor && left?.tenant === right?.tenant
}

/**
 * hash(tenant, user): in the name of every database, lock and channel, so that two users of one browser never
 * share one, and names tell nothing about them. No secret; records repeat tenant and actor and are checked.
 */
export function scopeName({ tenant, actor }: User): string {
  const text = `${tenant.length}:${tenant}${actor}`
  return `sync-core:${hash(text, 0x9e3779b9)}${hash(text, 0x85ebca6b)}`
}

/** A name for what belongs to an API rather than to a user. */
export function originName(apiUrl: string): string {
  return `sync-core:origin:${hash(apiUrl, 0x9e3779b9)}`
}

// cyrb53: 53 bits, well spread, synchronous (`crypto.subtle` is neither that nor there on plain http).
function hash(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed
  let low = 0x41c6ce57 ^ seed
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36)
}
