'use client'
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
  /** Display name of a user id; undefined shows the id. */
  resolveUser?: ((userId: string) => string | undefined) | undefined
  statusColors?: StatusColors | undefined
}

export const EnvironmentContext = createContext<Environment>({ resolveUser: (userId) => getDefaultOptions().resolveUser?.(userId) })

/** The nearest provider's settings. */
export function useEnvironment(): Environment {
  return useContext(EnvironmentContext)
}
