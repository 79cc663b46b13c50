import { type Answer, mixedAnswer } from './wholeAnswer.js'

/** Looks at every answer that a client gets, of every attempt and duplicate. */
export class AnswerWitness {
  readonly #recorded = new Map<string, string>()
  readonly #wrongs: string[] = []

  saw(key: string, answer: Answer): void {
    const mixed = mixedAnswer(answer)
    if (mixed !== null) this.#wrongs.push(`${key}: ${mixed}`)
    if (!answer.recorded) return
    const outcome = `${answer.status} ${answer.text}`
    const first = this.#recorded.get(key) ?? outcome
    this.#recorded.set(key, first)
    if (first !== outcome) this.#wrongs.push(`${key}: "${first}", then "${outcome}"`)
  }

  /** What no client may ever get; forgotten once it was asked for. */
  takeWrongs(): string[] {
    return this.#wrongs.splice(0)
  }
}
