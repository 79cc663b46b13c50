/**
 * Words the carrier acts on by itself when a person replies with nothing else, whatever the SMS asked for: the first end all
 * SMS to that person, the next begin them again, the last are answered with the sender's help text.
 * Source: Twilio's default handling of opt-out keywords.
 */
export const RESERVED_REPLIES = {
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
} as const

/** A word the carrier acts on by itself. */
export type ReservedReply = (typeof RESERVED_REPLIES)[keyof typeof RESERVED_REPLIES][number]

const RESERVED: ReadonlySet<string> = new Set(Object.values(RESERVED_REPLIES).flat())
const ASKS_FOR_A_REPLY = /\b(?:reply|respond|answer|text|send|write|type)\b[^.!?\n]*/gi
// Where a sentence that asks for a reply names one: right after the verb, or as another choice.
const NAMED_REPLY = /(?:^\w+(?:\s+(?:back|with|us|the\s+word))*|\bor|[,/:])\s*["'“‘«]?(\p{L}+)/giu
const QUOTED = /["“‘«](\p{L}+)["”’»]/gu
const IN_CAPITALS = /(?<![\p{L}\p{N}])\p{Lu}+(?![\p{L}\p{N}])/gu

/**
 * The reserved words a text offers as a reply, in capitals, each once: "Reply Cancel to cancel" gives `['CANCEL']`, because
 * whoever does so is unsubscribed from all SMS. Words that are only part of a sentence ("we can help") do not count. Naming
 * STOP as the way to unsubscribe is right, and is returned too.
 */
export function reservedWordsIn(text: string): ReservedReply[] {
  const named = (text.match(ASKS_FOR_A_REPLY) ?? []).flatMap((clause) => [...clause.matchAll(NAMED_REPLY)])
  const offered = [...named, ...text.matchAll(QUOTED)].map((match) => match[1] ?? '')
  const words = [...(text.match(IN_CAPITALS) ?? []), ...offered].map((word) => word.toUpperCase())
  return [...new Set(words)].filter((word): word is ReservedReply => RESERVED.has(word))
}
