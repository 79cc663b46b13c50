import type { ChangeReading } from './readChange.js'
import type { KnownRow } from './Subscribers.js'

export type Hint = Extract<ChangeReading, { kind: 'incomplete' }>

/** News that came without a full row or a version, until the change log or a new reading of the rows settles them. */
export class Hints {
  readonly #known: (id: string) => KnownRow | undefined
  /** What was known of each row when the news came. */
  readonly #waiting = new Map<string, KnownRow | undefined>()

  constructor(known: (id: string) => KnownRow | undefined) {
    this.#known = known
  }

  /** False: what is known already includes it. */
  add(hint: Hint): boolean {
    const before = this.#known(hint.id)
    if (isSettled(hint, before)) return false
    this.#waiting.set(hint.id, before)
    return true
  }

  /**
   * Looks at all of them after a catch-up whose log held nothing back. True when a row that should have changed did
   * not: then the rows themselves must be read.
   */
  review(): boolean {
    // A row nobody knows has nothing to be put right.
    const isUnconfirmed = [...this.#waiting].some(([id, before]) => before?.isAlive && this.#known(id) === before)
    this.#waiting.clear()
    return isUnconfirmed
  }

  clear(): void {
    this.#waiting.clear()
  }
}

/** True when what is known already includes the news. */
function isSettled({ isDelete, version }: Hint, known: KnownRow | undefined): boolean {
  if (known === undefined) return false
  if (isDelete) return !known.isAlive
  return version !== undefined && known.version !== undefined && known.version >= version
}
