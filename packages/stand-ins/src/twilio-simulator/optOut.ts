const STOP_WORDS = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'])
const START_WORDS = new Set(['START', 'YES', 'UNSTOP'])

/** What a reply asks of Twilio itself, besides being handed on. Pure. */
export function readReply(body: string): 'stop' | 'start' | 'other' {
  const word = body.trim().toUpperCase()
  if (STOP_WORDS.has(word)) return 'stop'
  return START_WORDS.has(word) ? 'start' : 'other'
}

/** Who has answered STOP to which of our numbers: Twilio refuses these pairs with 21610 until START. */
export class OptOuts {
  readonly #pairs = new Set<string>()

  has(person: string, number: string): boolean {
    return this.#pairs.has(`${person} ${number}`)
  }

  take(reply: 'stop' | 'start' | 'other', person: string, number: string): void {
    if (reply === 'stop') this.#pairs.add(`${person} ${number}`)
    if (reply === 'start') this.#pairs.delete(`${person} ${number}`)
  }
}
