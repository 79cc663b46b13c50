import * as z from 'zod/mini'

/** Where a mutation stands in storage. `queued` and `sending` hold their lanes, the others do not. */
export const MUTATION_STATES = ['queued', 'sending', 'waiting', 'blocked', 'unknown', 'settled', 'dead'] as const
export type MutationState = (typeof MUTATION_STATES)[number]

export const OUTCOMES = ['success', 'partial', 'conflict', 'rejected', 'not-executed', 'cancelled', 'unknown'] as const
/** How a mutation ended. */
export type SettledOutcome = (typeof OUTCOMES)[number]

const instant = z.number()

const lastErrorSchema = z.looseObject({
  /** What the classifier called it, for example "transport" or "rejected". */
  kind: z.string(),
  status: z.nullable(z.number()),
  code: z.string(),
  /** The server's text, when it sent one. */
  message: z.optional(z.string()),
  at: instant,
})

const resultSchema = z.looseObject({
  outcome: z.enum(OUTCOMES),
  status: z.nullable(z.number()),
  code: z.nullable(z.string()),
  body: z.unknown(),
  replayed: z.boolean(),
  at: instant,
})

/**
 * One mutation as it is stored, under its key. `rev` grows with every write and tells which of two
 * copies (storage, a message of another tab) is newer.
 */
export const mutationRecordSchema = z.looseObject({
  v: z.literal(1),
  id: z.string(),
  rev: z.number(),
  /** Order of the clicks of all tabs; given when it is stored, null until then. */
  seq: z.nullable(z.number()),
  tenant: z.string(),
  actor: z.string(),
  action: z.string(),
  lanes: z.array(z.string()),
  /** The lanes it stands in for storage to find it: all of `lanes`, or none. */
  inLanes: z.array(z.string()),
  request: z.unknown(),
  state: z.enum(MUTATION_STATES),
  /** An attempt may have reached the server. Sticky. */
  ambiguous: z.boolean(),
  /** The server answered 202: it owns the effect and holds no lane here. */
  accepted: z.boolean(),
  /** ... and says that it has certainly not tried it yet. */
  untried: z.optional(z.boolean()),
  /** Requests begun, the compare-and-set's ticket: each claim has a number of its own. */
  attempts: z.number(),
  /** How many of them only asked what became of what the server had taken over. */
  polls: z.optional(z.number()),
  /** Null: as soon as possible. */
  nextAttemptAt: z.nullable(instant),
  createdAt: instant,
  storedAt: z.nullable(instant),
  expiresAfterMs: z.optional(z.number()),
  maxAttempts: z.number(),
  /** Version of the row at the click. */
  seenVersion: z.optional(z.number()),
  /** Filled at the first attempt; the bytes are frozen from then on. */
  expectedVersion: z.optional(z.number()),
  /** By lane, the version that its row had after this mutation took effect. */
  ackedVersions: z.optional(z.record(z.string(), z.number())),
  parentId: z.optional(z.string()),
  childIndex: z.optional(z.number()),
  /** Of a bulk parent: how many children carry it out. A parent is never sent itself. */
  children: z.optional(z.number()),
  /** The tab that is sending, and since when. */
  sender: z.optional(z.string()),
  sendingAt: z.optional(instant),
  /** Ask what stands instead of sending: why. */
  resolving: z.optional(z.enum(['refused', 'retry'])),
  /** Answers in a row that only a person can get out of. */
  strikes: z.object({ server: z.number(), noEcho: z.number(), since: instant }),
  lastError: z.nullable(lastErrorSchema),
  result: z.optional(resultSchema),
  /** Callbacks were called (or claimed by the tab that does). */
  notifiedAt: z.optional(instant),
  circuitToldAt: z.optional(instant),
  /** A person took it off the screen. */
  dismissed: z.optional(z.boolean()),
  /** UTF-16 units of the stored request, for the queue's limit. */
  bytes: z.number(),
  origin: z.looseObject({ tabId: z.string(), contractsVersion: z.string() }),
})

export type MutationRecord = z.infer<typeof mutationRecordSchema>
export type LastError = z.infer<typeof lastErrorSchema>
export type MutationResult = z.infer<typeof resultSchema>

export type ParsedEntry =
  | { kind: 'record'; record: MutationRecord }
  /** Written by a later version of this program: hands off. */
  | { kind: 'newer'; version: number }
  | { kind: 'unreadable'; reason: string }

/** Reads one stored entry or one message of another tab. */
export function parseRecord(value: unknown): ParsedEntry {
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined
  if (typeof version === 'number' && version > 1) return { kind: 'newer', version }
  const parsed = mutationRecordSchema.safeParse(value)
  if (parsed.success) return { kind: 'record', record: parsed.data }
  return { kind: 'unreadable', reason: parsed.error.issues[0]?.path.join('.') || 'not a mutation' }
}
