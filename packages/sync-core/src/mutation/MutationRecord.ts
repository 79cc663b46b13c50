import { z } from '@org/contracts/client'

/** Where a mutation stands in storage. `queued` and `sending` hold their lanes, the others do not. Of a single one, only `unknown` waits for a person. */
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
  /** How long whoever answered asked to wait, in milliseconds. */
  retryAfterMs: z.optional(z.number()),
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

/** What a click is, whatever becomes of it. */
const click = {
  v: z.literal(1),
  id: z.string(),
  /** Grows with every write and tells which of two copies (storage, a message of another tab) is newer. */
  rev: z.number(),
  /** Order of the clicks of all tabs; given when it is stored, null until then. */
  seq: z.nullable(z.number()),
  tenant: z.string(),
  actor: z.string(),
  action: z.string(),
  lanes: z.array(z.string()),
  request: z.unknown(),
  createdAt: instant,
  storedAt: z.nullable(instant),
  expiresAfterMs: z.optional(z.number()),
  maxAttempts: z.number(),
  /** Version of the row at the click. */
  seenVersion: z.optional(z.number()),
  /** UTF-16 units of the stored request, for the queue's limit. */
  bytes: z.number(),
  origin: z.looseObject({ tabId: z.string(), contractsVersion: z.string() }),
  /** The last thing that went wrong. */
  lastError: z.nullable(lastErrorSchema),
}

/** What its attempts have come to so far. */
const trail = {
  /** Of a child of a bulk mutation. */
  parentId: z.optional(z.string()),
  childIndex: z.optional(z.number()),
  /** Requests begun, the compare-and-set's ticket: each claim has a number of its own. */
  attempts: z.number(),
  /** An attempt may have reached the server. Sticky. */
  ambiguous: z.boolean(),
  /**
   * The server answered 202: it owns the effect and holds no lane here. `untried`: it says that it has certainly not
   * tried yet. `polls`: how many of the attempts only asked what became of it. Null: it has not taken it over.
   */
  accepted: z.nullable(z.looseObject({ untried: z.boolean(), polls: z.number() })),
  /** Filled at the first attempt; the bytes are frozen from then on. */
  expectedVersion: z.optional(z.number()),
  /** Answers in a row of the kind that waiting alone does not change. */
  strikes: z.object({ server: z.number(), noEcho: z.number(), since: instant }),
  /**
   * It was refused so often that it goes as a probe only, and holds no lane. `probes`: how many have failed since.
   * Null: not so.
   */
  probes: z.nullable(z.number()),
  circuitToldAt: z.optional(instant),
}

/** Of what goes on by itself. `resolving`: ask what stands instead of sending, and why. */
const pending = { resolving: z.optional(z.enum(['refused', 'retry', 'unread', 'echoed'])) }

const stopped = {
  /** Callbacks were called (or claimed by the tab that does). */
  notifiedAt: z.optional(instant),
  /** A person took it off the screen. */
  dismissed: z.optional(z.boolean()),
}

const ended = {
  ...stopped,
  result: resultSchema,
  /** By lane, the version that its row had after this mutation took effect. */
  ackedVersions: z.optional(z.record(z.string(), z.number())),
}

/** Null: as soon as possible. */
const planned = { nextAttemptAt: z.nullable(instant) }

const single = { ...click, ...trail }
const singleSchema = z.discriminatedUnion('state', [
  z.looseObject({ ...single, ...pending, ...planned, state: z.literal('queued') }),
  /** `sender`: the tab that is sending, since `sendingAt`. */
  z.looseObject({ ...single, ...pending, state: z.literal('sending'), sender: z.string(), sendingAt: instant }),
  z.looseObject({ ...single, ...pending, ...planned, state: z.literal('waiting') }),
  z.looseObject({ ...single, ...pending, state: z.literal('blocked') }),
  z.looseObject({ ...single, ...stopped, state: z.literal('unknown') }),
  z.looseObject({ ...single, ...ended, state: z.literal('settled') }),
  z.looseObject({ ...single, ...ended, state: z.literal('dead') }),
])

/** `children`: how many carry it out. It is never sent itself. */
const bulk = { ...click, children: z.number() }
const bulkSchema = z.discriminatedUnion('state', [
  z.looseObject({ ...bulk, state: z.literal('queued') }),
  z.looseObject({ ...bulk, ...stopped, state: z.literal('unknown') }),
  z.looseObject({ ...bulk, ...ended, state: z.literal('settled') }),
  z.looseObject({ ...bulk, ...ended, state: z.literal('dead') }),
])

/** A field of a later minor version is kept, but nobody here may read it. */
type Known<T> = T extends unknown ? { [Field in keyof T as string extends Field ? never : Field]: T[Field] } : never

/** A mutation that is sent: a click, or a part of a bulk click. A state has only the fields that are true in it. */
export type SingleRecord = Known<z.infer<typeof singleSchema>> & { readonly children?: never }
/** A bulk click, which its children carry out. */
export type BulkRecord = Known<z.infer<typeof bulkSchema>> & { readonly parentId?: never }
/** One mutation as it is stored. */
export type MutationRecord = SingleRecord | BulkRecord

type In<Record, State extends MutationState> = Extract<Record, { state: State }>
export type Single<State extends MutationState> = In<SingleRecord, State>
export type Bulk<State extends MutationState> = In<BulkRecord, State>
export type Mutation<State extends MutationState> = In<MutationRecord, State>

export type LastError = z.infer<typeof lastErrorSchema>
export type MutationResult = z.infer<typeof resultSchema>

export type ParsedEntry =
  | { kind: 'record'; record: MutationRecord }
  /** Written by a later version of this program: hands off. */
  | { kind: 'newer'; version: number }
  | { kind: 'unreadable'; reason: string }

/** Reads one stored entry or one message of another tab. */
export function parseRecord(value: unknown): ParsedEntry {
  const { v: version, children } = (typeof value === 'object' && value !== null ? value : {}) as { v?: unknown; children?: unknown }
  if (typeof version === 'number' && version > 1) return { kind: 'newer', version }
  const parsed = (children === undefined ? singleSchema : bulkSchema).safeParse(value)
  if (parsed.success) return { kind: 'record', record: parsed.data as MutationRecord }
  return { kind: 'unreadable', reason: parsed.error.issues[0]?.path.join('.') || 'not a mutation' }
}
