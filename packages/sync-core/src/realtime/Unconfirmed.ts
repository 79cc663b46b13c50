import type { KnownRow } from './Subscribers.js'

/** A moment in the life of one table's pushes. */
export type PushMark = number

interface Push {
  readonly version: number
  readonly at: PushMark
  /** One catch-up that should have shown it did not. */
  readonly isMissed: boolean
}

/**
 * Pushed changes that the change log has not shown yet. A push names no place in the log, so one that was long under
 * way may tell of a past that is over: of a row deleted since, or of a former epoch. What the log twice does not
 * show never was, or is no more. (Twice, because what it holds back for less than a millisecond counts as nothing.)
 */
export class Unconfirmed {
  readonly #known: (id: string) => KnownRow | undefined
  readonly #pushes = new Map<string, Push>()
  #now: PushMark = 0

  constructor(known: (id: string) => KnownRow | undefined) {
    this.#known = known
  }

  add(id: string, version: number): void {
    this.#now += 1
    this.#pushes.set(id, { version, at: this.#now, isMissed: false })
  }

  /** The log showed the row at `version`. */
  confirm(id: string, version: number): void {
    const push = this.#pushes.get(id)
    if (push && version >= push.version) this.#pushes.delete(id)
  }

  mark(): PushMark {
    return this.#now
  }

  /** True when some push was missed once, so that looking again soon is worth it. */
  isSuspicious(): boolean {
    for (const { isMissed } of this.#pushes.values()) if (isMissed) return true
    return false
  }

  /** After a catch-up that began at `mark` and whose log held nothing back: the rows of which the push is not to be believed. */
  review(mark: PushMark): readonly string[] {
    const doubted: string[] = []
    for (const [id, push] of this.#pushes) {
      const isOvertaken = this.#known(id)?.version !== push.version
      if (isOvertaken) this.#pushes.delete(id)
      else if (push.at > mark) continue
      else if (push.isMissed) doubted.push(id)
      else this.#pushes.set(id, { ...push, isMissed: true })
    }
    for (const id of doubted) this.#pushes.delete(id)
    return doubted
  }

  clear(): void {
    this.#pushes.clear()
  }
}
