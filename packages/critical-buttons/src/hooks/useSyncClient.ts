'use client'
import type { SyncClient } from '@org/sync-core'
import { useCallback, useSyncExternalStore } from 'react'
import { getDefaultClient, subscribeDefaultClient } from '../provider/defaultClient.js'
import { type Environment, useEnvironment } from '../provider/environment.js'
import { idleClient } from '../provider/idleClient.js'

const subscribeNever = () => () => {}
const getIdleClient = () => idleClient

/** The provider's client, else the default one; idle while rendering on a server and hydrating. */
export function useSyncClient(): SyncClient {
  return useClientOf(useEnvironment())
}

/** As `useSyncClient`, for who has read the environment already. */
export function useClientOf({ client }: Environment): SyncClient {
  // The same function at every rendering: for a new one React would plan an effect each time.
  const get = useCallback(() => client ?? getDefaultClient(), [client])
  return useSyncExternalStore(client === undefined ? subscribeDefaultClient : subscribeNever, get, getIdleClient)
}
