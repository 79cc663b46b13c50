'use client'
import { PATHS, type SmsServiceStatus, smsServiceStatusSchema } from '@org/contracts/client'
import type { SyncClient } from '@org/sync-core'
import { useEffect, useState } from 'react'

const EVERY_MS = 10_000

/** The circuit breaker of the SMS service, asked every 10 s; undefined while unknown. */
export function useSmsService(client: SyncClient): SmsServiceStatus | undefined {
  const [status, setStatus] = useState<SmsServiceStatus>()
  useEffect(() => {
    const abort = new AbortController()
    const ask = () =>
      client.read(PATHS.smsStatus, { signal: abort.signal }).then(
        ({ body }) => {
          const parsed = smsServiceStatusSchema.safeParse(body)
          if (!abort.signal.aborted) setStatus(parsed.success ? parsed.data : undefined)
        },
        // Offline: nothing is known, which is what the panel then says.
        () => {
          if (!abort.signal.aborted) setStatus(undefined)
        },
      )
    void ask()
    const timer = setInterval(() => void ask(), EVERY_MS)
    return () => {
      clearInterval(timer)
      abort.abort()
    }
  }, [client])
  return status
}
