'use client'
import type { LeadStatusEntry } from '@org/contracts/client'
import type { SyncClient } from '@org/sync-core'
import { createContext, useContext } from 'react'
import type { Announce } from '../announcer/announce.js'
import type { StatusColors } from '../lead-status-button/statusColors.js'
import type { PartialMessages } from '../messages/Messages.js'
import { getDefaultOptions } from './defaultClient.js'

/** What components take from the provider. What is undefined is each component's own default. */
export interface Environment {
  client?: SyncClient | undefined
  messages?: PartialMessages | undefined
  announce?: Announce | undefined
  /** What a person is called; never throws. */
  nameOf: (userId: string) => string
  leadStatuses?: readonly LeadStatusEntry[] | undefined
  statusColors?: StatusColors | undefined
}

/** Names people as `resolveUser` does, and by their ids where it knows no name, or throws: that must not blank a page. */
export function createNameOf(resolveUser: (userId: string) => string | undefined): Environment['nameOf'] {
  return (userId) => {
    try {
      return resolveUser(userId) ?? userId
    } catch {
      return userId
    }
  }
}

export const EnvironmentContext = createContext<Environment>({
  nameOf: createNameOf((userId) => getDefaultOptions().resolveUser?.(userId)),
  get leadStatuses() {
    return getDefaultOptions().leadStatuses
  },
})

/** The nearest provider's settings. */
export function useEnvironment(): Environment {
  return useContext(EnvironmentContext)
}
