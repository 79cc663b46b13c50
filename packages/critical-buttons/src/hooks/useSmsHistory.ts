'use client'
import { PATHS, type SmsMessageRow, type SmsMessageView, toSmsMessageView, z } from '@org/contracts/client'
import type { SyncClient } from '@org/sync-core'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useIdentity, userIn } from './useIdentity.js'
import { useSyncClient } from './useSyncClient.js'
import { watchTable } from './watchTable.js'

export interface SmsHistoryResult {
  /** Newest first, with delivery states that follow the carrier. */
  messages: readonly SmsMessageView[]
  status: 'pending' | 'success' | 'error'
  isPending: boolean
  isError: boolean
  error: Error | null
  refetch: () => void
}

const TABLE = 'sms_messages'
const NONE: readonly never[] = []
// The store checks each row by itself, so that an odd one hides no other.
const pageSchema = z.looseObject({ sms_messages: z.array(z.unknown()) })

/** All SMS to a lead: read once for whoever is signed in, then kept up to date by row changes. */
export function useSmsHistory(leadId: string): SmsHistoryResult {
  const client = useSyncClient()
  const user = userIn(useIdentity(client))
  const [round, setRound] = useState(0)
  const refetch = useCallback(() => setRound((count) => count + 1), [])
  // While it is not known who is here, no rows are shown: that there are none is not known either.
  const asked = user && [user, leadId, round].join()
  const [answer, setAnswer] = useState<{ by: SyncClient; to: string; error: Error | null }>()

  useEffect(() => {
    if (asked === undefined) return
    const stop = new AbortController()
    const { signal } = stop
    const take = (error: Error | null) => {
      if (!signal.aborted) setAnswer({ by: client, to: asked, error })
    }
    client.read(PATHS.smsHistory(leadId), { signal }).then(({ status, body }) => {
      const parsed = pageSchema.safeParse(body)
      const isRead = status === 200 && parsed.success
      if (isRead && !signal.aborted) client.ingest(TABLE, parsed.data.sms_messages)
      take(isRead ? null : new Error(`The SMS history could not be read: the API answered ${status}.`))
    }, take)
    return () => stop.abort()
  }, [client, leadId, asked])

  useEffect(() => watchTable(client, TABLE), [client])

  const rows = useSyncExternalStore(
    useCallback((listener: () => void) => client.subscribeTable(TABLE, listener), [client]),
    () => client.getRows(TABLE),
    () => NONE,
  )
  const messages = useMemo(
    () =>
      rows
        .map(({ row }) => row as unknown as SmsMessageRow)
        .filter((row) => row.lead_id === leadId)
        .map(toSmsMessageView)
        .sort((left, right) => String(right.created_at ?? '').localeCompare(String(left.created_at ?? ''))),
    [rows, leadId],
  )
  const isPending = answer?.by !== client || answer.to !== asked
  const error = isPending ? null : answer.error
  return { messages, status: isPending ? 'pending' : error ? 'error' : 'success', isPending, isError: error !== null, error, refetch }
}
