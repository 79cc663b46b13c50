'use client'
import type { SyncClient } from '@org/sync-core'
import { createContext, useContext } from 'react'
import { type Announce, announceInDocument } from '../announcer/announce.js'
import type { StatusColors } from '../lead-status-button/statusColors.js'
import type { Messages } from '../messages/Messages.js'
import { englishMessages } from '../messages/mergeMessages.js'
import { getDefaultOptions } from './defaultClient.js'

/** What every component takes from the provider, or from here when there is none. */
export interface Environment {
  /** Undefined: the default client. */
  client: SyncClient | undefined
  messages: Messages
  announce: Announce
  /** Display name of a user id; undefined shows the id. */
  resolveUser: ((userId: string) => string | undefined) | undefined
  statusColors: StatusColors | undefined
}

export const DEFAULT_ENVIRONMENT: Environment = {
  client: undefined,
  messages: englishMessages,
  announce: announceInDocument,
  resolveUser: (userId) => getDefaultOptions().resolveUser?.(userId),
  statusColors: undefined,
}

export const EnvironmentContext = createContext<Environment>(DEFAULT_ENVIRONMENT)

/** The nearest provider's settings. */
export function useEnvironment(): Environment {
  return useContext(EnvironmentContext)
}
