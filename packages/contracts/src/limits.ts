/** Bounds that client and server both enforce. Durations in milliseconds, sizes in bytes. */
export const LIMITS = {
  /** Ids are opaque text of 1 to this many characters. */
  idLength: 128,
  notesLength: 2_000,
  /** A status is text of 1 to this many characters. */
  statusLength: 64,
  /** Twilio accepts at most this many characters in one message. */
  smsLength: 1_600,
  /** Leads in one bulk request. */
  bulkLeads: 1_000,
  /** Leads in one child of a bulk mutation, so that progress is visible and a retry is small. */
  bulkChildLeads: 200,
  bodyBytes: 64 * 1024,
  bulkBodyBytes: 256 * 1024,
  pageDefault: 50,
  pageMax: 200,
  /** How long the client waits for an answer before it counts the attempt as ambiguous. */
  clientTimeoutMs: 20_000,
  /** The same text to the same number of the same lead within this time of the first one's acceptance is one SMS. */
  duplicateSmsWindowMs: 60_000,
  /** How long the ledger remembers a key. */
  retentionMs: 30 * 24 * 60 * 60 * 1_000,
} as const
