'use client'
import { PATHS, type SmsMessageRow, type SmsMessageView, toSmsMessageView, z } from '@org/contracts/client'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
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

/** All SMS to a lead: read once, then kept up to date by row changes. */
export function useSmsHistory(leadId: string): SmsHistoryResult {
  const client = useSyncClient()
  const [read, setRead] = useState<{ status: SmsHistoryResult['status']; error: Error | null }>({ status: 'pending', error: null })
  const [round, setRound] = useState(0)
  const refetch = useCallback(() => setRound((count) => count + 1), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks again
  useEffect(() => {
    const abort = new AbortController()
    setRead({ status: 'pending', error: null })
    client.read(PATHS.smsHistory(leadId), { signal: abort.signal }).then(
      ({ status, body }) => {
        if (abort.signal.aborted) return
        const parsed = pageSchema.safeParse(body)
        if (status === 200 && parsed.success) {
          client.ingest(TABLE, parsed.data.sms_messages)
          setRead({ status: 'success', error: null })
        } else setRead({ status: 'error', error: new Error(`The SMS history could not be read: the API answered ${status}.`) })
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setRead({ status: 'error', error: error instanceof Error ? error : new Error(String(error)) })
      },
    )
    return () => abort.abort()
  }, [client, leadId, round])

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
        .sort((left, right) => (right.created_at ?? '').localeCompare(left.created_at ?? '')),
    [rows, leadId],
  )
  return { messages, ...read, isPending: read.status === 'pending', isError: read.status === 'error', refetch }
}
