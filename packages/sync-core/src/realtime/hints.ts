import type { KnownRow } from './delivery.js'
import type { ChangeReading } from './readChange.js'

export type Hint = Extract<ChangeReading, { kind: 'incomplete' }>

/** News that came without a full row or a version, until the change log or a new reading of the rows settles them. */
export interface Hints {
  add(hint: Hint): void
  /**
   * Looks at all of them after a catch-up; `isComplete`: the log held nothing back.
   * True when a row that should have changed did not, although it could have: then the rows themselves must be read.
   */
  review(isComplete: boolean): boolean
  isEmpty(): boolean
  clear(): void
}

// A log that holds changes back for longer than this many catch-ups is no reason to wait on.
const MAX_TRIES = 5

export function createHints(known: (id: string) => KnownRow | undefined): Hints {
  const waiting = new Map<string, { hint: Hint; before: KnownRow | undefined; tries: number }>()

  return {
    add: (hint) => {
      const before = known(hint.id)
      if (!isSettled(hint, before)) waiting.set(hint.id, { hint, before, tries: 0 })
    },
    review: (isComplete) => {
      let isUnconfirmed = false
      for (const [id, entry] of waiting) {
        const now = known(id)
        entry.tries += 1
        if (now !== entry.before || isSettled(entry.hint, now)) waiting.delete(id)
        else if (isComplete || entry.tries >= MAX_TRIES) {
          waiting.delete(id)
          // A row nobody knows has nothing to be put right.
          if (now?.isAlive) isUnconfirmed = true
        }
      }
      return isUnconfirmed
    },
    isEmpty: () => waiting.size === 0,
    clear: () => waiting.clear(),
  }
}

/** True when what is known already includes the news. */
function isSettled({ isDelete, version }: Hint, known: KnownRow | undefined): boolean {
  if (known === undefined) return false
  if (isDelete) return !known.isAlive
  return version !== undefined && known.version !== undefined && known.version >= version
}
