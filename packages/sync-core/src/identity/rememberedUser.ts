import { sessionSchema } from '@org/contracts/client'
import type { MutationStorage } from '../ports/MutationStorage.js'
import type { User } from './scopeName.js'

const KEY = 'user'

/** The user of the last visit, so that a reload without network opens the same queue. Never a token. */
export async function readRememberedUser(storage: MutationStorage): Promise<User | null> {
  const entry = (await storage.entries()).find(([key]) => key === KEY)
  const parsed = sessionSchema.safeParse(entry?.[1])
  return parsed.success ? { actor: parsed.data.actor, tenant: parsed.data.tenant } : null
}

export async function rememberUser(storage: MutationStorage, user: User | null): Promise<void> {
  await storage.transaction({ strict: false }, async () => [{ key: KEY, value: user === null ? undefined : { ...user } }])
}
