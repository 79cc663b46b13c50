import type { Claims, TenantOf } from './access.js'

/** Who asks for a private channel, by which name. */
export interface PolicyQuestion {
  topic: string
  claims: Claims
}

/** What the policies on `realtime.messages` decide. An error counts as a no, as with the real server. */
export interface ChannelPolicy {
  /** Asked at each join, and again when the token changes. */
  mayRead(question: PolicyQuestion): Promise<boolean>
  /** Asked at a client's first message. */
  mayWrite(question: PolicyQuestion): Promise<boolean>
}

/**
 * For tests without a database: a signed-in user hears `sync:<table>:<organisation>` of the own organisation, the service
 * role everything; only the service role speaks.
 */
export function ownOrganisation(tenantOf: TenantOf): ChannelPolicy {
  return {
    mayRead: async ({ topic, claims }) =>
      isService(claims) || (claims.role === 'authenticated' && topic === `sync:${topic.split(':')[1]}:${tenantOf(claims)}`),
    mayWrite: async ({ claims }) => isService(claims),
  }
}

/** It bypasses row-level security. */
export function isService({ role }: Claims): boolean {
  return role === 'service_role'
}
