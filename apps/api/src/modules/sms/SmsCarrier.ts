/** One SMS to hand over. */
export interface OutgoingSms {
  /** E.164. */
  to: string
  body: string
  /** The carrier drops it when it could not be delivered within this many seconds. */
  validitySeconds: number
  /** Where the carrier reports what became of it; null when it cannot reach us. */
  statusCallback: string | null
}

/** What became of a message that the carrier has. */
export interface SmsFate {
  /** The carrier's own word, "undelivered" for example. */
  status: string
  /** Why it did not arrive; null when the carrier names no error. */
  errorCode: number | null
}

/** A message the carrier says it accepted, and what became of it. */
export interface ListedSms extends SmsFate {
  sid: string
  to: string
  from: string
  body: string
}

/**
 * The SMS provider. `send` resolves with the carrier's id, or rejects with whatever the provider's SDK
 * throws: `judgeCarrierAnswer` alone reads those errors.
 */
export interface SmsCarrier {
  send(message: OutgoingSms): Promise<{ sid: string }>
  /** Messages to `to` created since `since`, newest first, at most 200. */
  listTo(to: string, since: Date): Promise<ListedSms[]>
  /** What became of one message. */
  lookUp(sid: string): Promise<SmsFate>
}
