import { bookingConfirm, HEADERS, type LeadStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { type Clock, createSyncClient, type SyncClient, type TelemetryEvent, type Transport } from '@org/sync-core'

const query = new URLSearchParams(location.search)
const telemetry: TelemetryEvent[] = []
const told: string[] = []

/** Time that runs faster, so that a test need not wait for 45 seconds. */
function fastClock(speed: number): Clock {
  const startedAt = Date.now()
  return {
    now: () => startedAt + (Date.now() - startedAt) * speed,
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs / speed)
      return () => clearTimeout(timer)
    },
  }
}

const answered: string[] = []
/** A server inside the page, for tests of the queue alone: ten thousand real requests would test the loopback. */
const instantServer: Transport = {
  send: async ({ path, headers }) => {
    const key = headers[HEADERS.idempotencyKey] ?? null
    if (path.startsWith('/api/session'))
      return { kind: 'answer', status: 200, header: () => null, json: { actor: 'user-456', tenant: 'org-1' } }
    if (key === null) return { kind: 'failure', reason: 'network' }
    answered.push(key)
    const json = { success: true, sms: { id: `sms-${key}`, version: 1 } }
    return { kind: 'answer', status: 200, header: (name) => (name === HEADERS.idempotencyKey ? key : null), json }
  },
}

const client = createSyncClient({
  apiUrl: query.get('api') ?? '',
  maxUnfinished: 50_000,
  maxBytes: 1e9,
  onTelemetry: (event) => telemetry.push(event),
  ...(query.has('instant') ? { transport: instantServer } : {}),
  ...(query.has('speed') ? { clock: fastClock(Number(query.get('speed'))) } : {}),
})

const callbacks = { onSuccess: () => told.push('success'), onError: ({ code }: { code: string }) => told.push(code) }

/** What tests may do on the page. */
const page = {
  client,
  told,
  telemetry,
  answered,
  status: (leadId: string, status: LeadStatus) => client.submit(leadUpdateStatus, { leadId, status }, {}, callbacks).id,
  confirm: (appointmentId: string) => client.submit(bookingConfirm, { appointmentId }, {}, callbacks).id,
  sms: (leadId: string, message: string) => client.submit(smsSend, { leadId, message }, {}, callbacks).id,
  adopt: (id: string) => client.adopt?.(id, callbacks),
  isSignedIn: () => 'actor' in client.getIdentity(),
  phase: (id: string) => client.getMutation(id)?.phase,
  pending: () => client.getConnectivity().pendingCount,
  stored: () => telemetry.filter(({ type }) => type === 'stored').length,
  /** What was wrong with storage. */
  storageTroubles: () =>
    telemetry.flatMap((event) => (event.type === 'diagnostic' && event.code.startsWith('STORAGE') ? [event.code] : [])),
  /** Reloads while what was clicked is being written. */
  reloadSoon: () => void setTimeout(() => location.reload(), 20),
  /** The page hangs from the next task on, for longer than anybody waits for it, as a bad loop makes it. */
  hang: () => {
    // A timer of a tab in the background may be late.
    const { port1, port2 } = new MessageChannel()
    port2.onmessage = () => {
      for (const until = Date.now() + 12_000; Date.now() < until; );
    }
    port1.postMessage(null)
  },
}

export type TestPage = typeof page & { client: SyncClient }

Object.assign(globalThis, { page })
