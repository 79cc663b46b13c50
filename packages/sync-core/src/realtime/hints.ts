import type { KnownRow } from './delivery.js'
import type { ChangeReading } from './readChange.js'

export type Hint = Extract<ChangeReading, { kind: 'incomplete' }>

/** News that came without a full row or a version, until the change log or a new reading of the rows settles them. */
export interface Hints {
  /** False: what is known already includes it. */
  add(hint: Hint): boolean
  /**
   * Looks at all of them after a catch-up whose log held nothing back. True when a row that should have changed did
   * not: then the rows themselves must be read.
   */
  review(): boolean
  clear(): void
}

export function createHints(known: (id: string) => KnownRow | undefined): Hints {
  /** What was known of each row when the news came. */
  const waiting = new Map<string, KnownRow | undefined>()

  return {
    add: (hint) => {
      const before = known(hint.id)
      if (isSettled(hint, before)) return false
      waiting.set(hint.id, before)
      return true
    },
    review: () => {
      // A row nobody knows has nothing to be put right.
      const isUnconfirmed = [...waiting].some(([id, before]) => before?.isAlive && known(id) === before)
      waiting.clear()
      return isUnconfirmed
    },
    clear: () => waiting.clear(),
  }
}

/** True when what is known already includes the news. */
function isSettled({ isDelete, version }: Hint, known: KnownRow | undefined): boolean {
  if (known === undefined) return false
  if (isDelete) return !known.isAlive
  return version !== undefined && known.version !== undefined && known.version >= version
}
