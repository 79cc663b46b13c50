import type { Bulk, MutationState, Single } from '../mutation/MutationRecord.js'

const CLICK = {
  v: 1,
  id: '019bc134-7840-7b4f-b229-a5e4db3e5714',
  rev: 1,
  seq: 1,
  tenant: 'org-1',
  actor: 'user-456',
  action: 'lead.updateStatus',
  lanes: ['lead:lead-123:status'],
  request: { leadId: 'lead-123', status: 'contacted' },
  createdAt: 0,
  storedAt: 0,
  maxAttempts: 5,
  bytes: 42,
  origin: { tabId: 'tab-1', contractsVersion: '1' },
  lastError: null,
} as const

const SINGLE = {
  ...CLICK,
  attempts: 0,
  ambiguous: false,
  accepted: null,
  strikes: { server: 0, noEcho: 0, since: 0 },
  probes: null,
} as const

const result = { outcome: 'success', status: 200, code: null, body: null, replayed: false, at: 0 } as const

const OF_STATE = {
  queued: { nextAttemptAt: null },
  sending: { sender: 'tab-1', sendingAt: 0, attempts: 1 },
  waiting: { nextAttemptAt: null, ambiguous: true, accepted: { untried: false, polls: 0 }, attempts: 1 },
  blocked: { ambiguous: true, attempts: 3, probes: 0 },
  unknown: { ambiguous: true },
  settled: { result },
  dead: { result: { ...result, outcome: 'rejected', status: 403, code: 'FORBIDDEN' } },
} as const

/** A valid stored click in `state`, queued by default; pass only what matters to the test. */
export function aMutation<State extends MutationState = 'queued'>(fields: { state?: State } & Partial<Single<State>> = {}): Single<State> {
  const { state = 'queued' } = fields
  return { ...SINGLE, ...OF_STATE[state], ...fields, state } as unknown as Single<State>
}

/** A stored bulk click of two parts, queued. */
export function aBulk(fields: Partial<Bulk<'queued'>> = {}): Bulk<'queued'> {
  return { ...CLICK, state: 'queued', children: 2, ...fields } as unknown as Bulk<'queued'>
}
