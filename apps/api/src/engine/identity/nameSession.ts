import { idSchema } from '@org/contracts'
import type { Session } from './session.js'

/** Before the name of a service account, in rows, ledger and log. No person's id begins so. */
export const SERVICE_PREFIX = 'service:'

/** Whoever calls, before it is known whether the name may be used. */
export interface Named {
  actor: unknown
  tenant: unknown
  /** A program that acts for the organisation. */
  isService: boolean
  claims: Readonly<Record<string, unknown>>
}

/** The session of whoever calls; null when actor or tenant is no id, or a person is called as service accounts are. */
export function nameSession({ actor, tenant, isService, claims }: Named): Session | null {
  const name = idSchema.safeParse(isService && typeof actor === 'string' && actor !== '' ? SERVICE_PREFIX + actor : actor)
  const organisation = idSchema.safeParse(tenant)
  if (!name.success || !organisation.success) return null
  if (!isService && name.data.startsWith(SERVICE_PREFIX)) return null
  return { kind: isService ? 'service' : 'user', actor: name.data, tenant: organisation.data, claims }
}
