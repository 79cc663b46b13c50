/** Reads several keys of one group in one look, and answers in their order. */
export type ReadTogether<Key, Answer> = (group: string, keys: readonly Key[]) => Promise<readonly Answer[]>

export interface SharedReadsOptions<Key, Answer> {
  read: ReadTogether<Key, Answer>
  /** Most keys of one look. Integer ≥ 1. */
  most: number
}

interface Waiting<Answer> {
  answer: Promise<Answer>
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Lets a crowd that wants the same read it once. A group has one look under way; whoever comes meanwhile waits for the
 * next, which begins after they came: an answer never misses what was there when somebody asked.
 */
export class SharedReads<Key, Answer> {
  readonly #options: SharedReadsOptions<Key, Answer>
  readonly #groups = new Map<string, Map<Key, Waiting<Answer>>>()

  constructor(options: SharedReadsOptions<Key, Answer>) {
    this.#options = options
  }

  /** @throws what the look throws, for each who waited for it */
  read(group: string, key: Key): Promise<Answer> {
    const known = this.#groups.get(group)
    if (known !== undefined) return joined(known, key)
    const waiting = new Map<Key, Waiting<Answer>>()
    this.#groups.set(group, waiting)
    const answer = joined(waiting, key)
    void this.#serve(group, waiting)
    return answer
  }

  /** Groups that somebody waits in. */
  get size(): number {
    return this.#groups.size
  }

  async #serve(group: string, waiting: Map<Key, Waiting<Answer>>): Promise<void> {
    while (waiting.size > 0) {
      const look = [...waiting].slice(0, this.#options.most)
      for (const [key] of look) waiting.delete(key)
      await this.#look(group, look)
    }
    this.#groups.delete(group)
  }

  async #look(group: string, look: readonly (readonly [Key, Waiting<Answer>])[]): Promise<void> {
    try {
      const answers = await this.#options.read(
        group,
        look.map(([key]) => key),
      )
      if (answers.length !== look.length) throw new TypeError(`${look.length} answers are due to "${group}", and ${answers.length} came.`)
      for (const [index, [, { resolve }]] of look.entries()) resolve(answers[index] as Answer)
    } catch (error) {
      for (const [, { reject }] of look) reject(error)
    }
  }
}

function joined<Key, Answer>(waiting: Map<Key, Waiting<Answer>>, key: Key): Promise<Answer> {
  const known = waiting.get(key)
  if (known !== undefined) return known.answer
  const next = {} as Waiting<Answer>
  next.answer = new Promise((resolve, reject) => Object.assign(next, { resolve, reject }))
  waiting.set(key, next)
  return next.answer
}
