'use client'
import type { Identity, SyncClient } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'
import { idleClient } from '../provider/idleClient.js'

/** Who is signed in, as far as the client knows. */
export function useIdentity(client: SyncClient): Identity {
  const subscribe = useCallback((listener: () => void) => client.subscribeIdentity(listener), [client])
  return useSyncExternalStore(subscribe, () => client.getIdentity(), idleClient.getIdentity)
}

/** Whoever is there, as one string; undefined while nobody is. Pure. */
export function userIn(identity: Identity): string | undefined {
  return 'actor' in identity ? JSON.stringify([identity.tenant, identity.actor]) : undefined
}
