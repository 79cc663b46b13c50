'use client'
import type { LeadStatusEntry } from '@org/contracts/client'
import type { SyncClient } from '@org/sync-core'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { type Announce, ensureLiveRegions } from '../announcer/announce.js'
import type { StatusColors } from '../lead-status-button/statusColors.js'
import type { PartialMessages } from '../messages/Messages.js'
import { mergeMessages } from '../messages/mergeMessages.js'
import { type CriticalButtonsOptions, createLoggedClient } from './createLoggedClient.js'
import { createNameOf, type Environment, EnvironmentContext, useEnvironment } from './environment.js'
import { idleClient } from './idleClient.js'

interface Look {
  /** Parts of the message catalogue, laid over the English one. */
  messages?: PartialMessages
  /** Says things to screen readers. @default own live regions */
  announce?: Announce
  /** Colours of lead statuses. */
  statusColors?: StatusColors
  /** The statuses that a lead may have, in the order of the menu. @default those of the options, else the built-in seven */
  leadStatuses?: readonly LeadStatusEntry[]
  children?: ReactNode
}

/** Either a client of your own, or the options to make one; with neither, the default client. */
export type CriticalButtonsProviderProps = Look &
  (
    | { client: SyncClient; options?: never; resolveUser?: (userId: string) => string | undefined }
    | { client?: never; options: CriticalButtonsOptions; resolveUser?: never }
    | { client?: never; options?: never; resolveUser?: (userId: string) => string | undefined }
  )

/** Gives the components below it their client, words and colours. */
export function CriticalButtonsProvider({
  client,
  options,
  resolveUser,
  messages,
  announce,
  statusColors,
  leadStatuses = options?.leadStatuses,
  children,
}: CriticalButtonsProviderProps) {
  const own = useOwnClient(options)
  const outer = useEnvironment()
  const naming = resolveUser ?? options?.resolveUser
  const environment = useMemo<Environment>(
    () => ({
      client: client ?? own ?? outer.client,
      messages: messages === undefined ? outer.messages : mergeMessages(outer.messages ?? {}, messages),
      announce: announce ?? outer.announce,
      nameOf: naming === undefined ? outer.nameOf : createNameOf(naming),
      statusColors: statusColors ?? outer.statusColors,
      leadStatuses: leadStatuses ?? outer.leadStatuses,
    }),
    [client, own, outer, messages, announce, naming, statusColors, leadStatuses],
  )
  useEffect(() => ensureLiveRegions(), [])
  return <EnvironmentContext.Provider value={environment}>{children}</EnvironmentContext.Provider>
}

// StrictMode mounts, unmounts and mounts again at once; a real unmount is not followed by a mount.
const LINGER_MS = 1_000

function useOwnClient(options: CriticalButtonsOptions | undefined): SyncClient | undefined {
  const [client, setClient] = useState<SyncClient>(idleClient)
  const held = useRef<{ client: SyncClient; closing: ReturnType<typeof setTimeout> | undefined }>(undefined)
  const isOwn = options !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first options count, as everywhere in React where an object is made from props once
  useEffect(() => {
    if (options === undefined) return
    const holding = held.current ?? { client: createLoggedClient(options), closing: undefined }
    clearTimeout(holding.closing)
    held.current = holding
    setClient(holding.client)
    return () => {
      holding.closing = setTimeout(() => {
        held.current = undefined
        holding.client.destroy()
      }, LINGER_MS)
    }
  }, [isOwn])
  return isOwn ? client : undefined
}
