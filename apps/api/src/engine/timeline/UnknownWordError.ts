/** A look was about something that nobody here knows: no look that found nothing. */
export class UnknownWordError extends Error {
  override readonly name = 'UnknownWordError'

  constructor(word: string, known: readonly string[]) {
    super(`Nobody here knows what "${word}" is. Ask for one of: ${known.join(', ')}.`)
  }
}
