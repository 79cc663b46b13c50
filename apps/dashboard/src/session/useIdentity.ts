import { type Identity, useSyncClient } from '@org/critical-buttons'
import { useSyncExternalStore } from 'react'

/** Who is signed in, as far as the client knows. */
export function useIdentity(): Identity {
  const client = useSyncClient()
  return useSyncExternalStore(
    (listener) => client.subscribeIdentity(listener),
    () => client.getIdentity(),
  )
}
