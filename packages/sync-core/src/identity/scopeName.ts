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
  return `sync-core:${hash(`${tenant.length}:${tenant}${actor}`)}`
}

/** A name for what belongs to an API rather than to a user. */
export function originName(apiUrl: string): string {
  return `sync-core:origin:${hash(apiUrl)}`
}

// Two lanes as FNV-1a's, 64 bits; synchronous (`crypto.subtle` is neither that nor there on plain http).
function hash(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  return `${(high >>> 0).toString(36)}-${(low >>> 0).toString(36)}`
}
