// One constant each, so that a page holds the bounds it keeps alone.

/** Ids are opaque text of 1 to this many characters. */
export const idLength = 128
export const notesLength = 2_000
/** A status is text of 1 to this many characters. */
export const statusLength = 64
/** Twilio accepts at most this many characters in one message. */
export const smsLength = 1_600
/** Leads in one bulk request. */
export const bulkLeads = 1_000
/** Leads in one child of a bulk mutation, so that progress is visible and a retry is small. */
export const bulkChildLeads = 200
export const bodyBytes = 64 * 1024
export const bulkBodyBytes = 256 * 1024
export const pageDefault = 50
export const pageMax = 200
/** How long the client waits for an answer before it counts the attempt as ambiguous. */
export const clientTimeoutMs = 20_000
/** The same text to the same number of the same lead within this time of the first one's acceptance is one SMS. */
export const duplicateSmsWindowMs = 60_000
/** How long the ledger remembers a key. */
export const retentionMs = 30 * 24 * 60 * 60 * 1_000
