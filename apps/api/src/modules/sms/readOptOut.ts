import { RESERVED_REPLIES } from '@org/contracts'

// Twilio acts on these words by itself, so ours must be the same: otherwise we would send what it then refuses.
const STOP_WORDS: ReadonlySet<string> = new Set(RESERVED_REPLIES.stop)
const START_WORDS: ReadonlySet<string> = new Set(RESERVED_REPLIES.start)

/** What a reply means for further SMS: true for STOP, false for START, null for anything else. */
export function readOptOut({ Body: body, OptOutType: type }: Readonly<Record<string, unknown>>): boolean | null {
  // A messaging service with words of its own says what they mean.
  const said = type ?? body
  const word = typeof said === 'string' ? said.trim().toUpperCase() : ''
  if (STOP_WORDS.has(word)) return true
  return START_WORDS.has(word) ? false : null
}
