interface Common {
  /** The idempotency key. */
  mutationId: string
  action: string
  /** Epoch ms by the client's clock. */
  at: number
}

/** The times of one closed loop, in epoch ms; null where that step was not seen by this tab. */
export interface ClosureRecord {
  submittedAt: number
  storedAt: number | null
  firstAttemptAt: number | null
  acknowledgedAt: number | null
  echoedAt: number | null
}

/** What the sync client tells about a mutation and about itself. Never a request body, a token or a phone number. */
export type TelemetryEvent =
  | (Common & { type: 'submitted'; joined: boolean })
  | (Common & { type: 'stored'; durability: 'disk' | 'memory' })
  | (Common & { type: 'attempt'; attempt: number; outcome: string; status: number | null; code: string | null; durationMs: number })
  | (Common & { type: 'acknowledged'; attempts: number; replayed: boolean })
  | (Common & { type: 'echoed'; source: 'realtime' | 'catch-up'; closure: ClosureRecord })
  | (Common & { type: 'settled'; outcome: string; code: string | null; closure: ClosureRecord })
  /** `message`: what happened and what to do, in English; told a moment later than `at` where its words have to be loaded. */
  | { type: 'diagnostic'; code: DiagnosticCode; message: string; at: number; detail?: Detail }

/** What a diagnostic is about. `error`: what was thrown. */
export type Detail = Readonly<Record<string, string | number | boolean>>

/** Trouble that is no mutation's fault. A code here is never a lost mutation. The README says of each what to do. */
export type DiagnosticCode =
  | 'STORAGE_REFUSED'
  | 'STORAGE_FULL'
  | 'STORAGE_LOST'
  | 'STORAGE_BACK'
  | 'ENTRY_UNREADABLE'
  | 'ENTRY_NEWER'
  | 'UNKNOWN_ACTION'
  | 'CALLBACK_THREW'
  | 'LISTENER_THREW'
  | 'CHANGES_MALFORMED'
  | 'TABLE_UNKNOWN'
  | 'ROW_MALFORMED'
  | 'SNAPSHOT_FAILED'
  | 'SNAPSHOT_TRUNCATED'
  | 'SNAPSHOT_MISSING'
  | 'CHANNEL_FAILED'
  | 'IDENTITY_UNAVAILABLE'
  | 'TAKE_OVER'
  | 'ANSWER_INVALID'
  | 'ECHO_MISSING'
  | 'TAB_MESSAGE_REFUSED'
  | 'CHUNK_MISSING'
  | (string & {})

/** Receives events. A throw is caught and ignored: telemetry never breaks a mutation. */
export type Telemetry = (event: TelemetryEvent) => void
