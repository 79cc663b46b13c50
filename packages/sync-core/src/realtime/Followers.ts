import type { Presence } from '../tabs/Presence.js'

/** What the tabs that follow this one want joined. A tab that ends wants nothing any more. */
export class Followers {
  readonly #presence: Presence
  readonly #wants = new Map<string, readonly string[]>()
  readonly #onDeath: () => void

  /** @param onGone a follower ended without a word */
  constructor(presence: Presence, onGone: () => void) {
    this.#presence = presence
    this.#onDeath = () => {
      const gone = [...this.#wants.keys()].filter((tabId) => presence.isDead(tabId))
      for (const tabId of gone) this.#wants.delete(tabId)
      if (gone.length > 0) onGone()
    }
  }

  get isEmpty(): boolean {
    return this.#wants.size === 0
  }

  /** @param tables none: it goes */
  note(tabId: string, tables: readonly string[]): void {
    if (tables.length === 0) this.#wants.delete(tabId)
    else {
      this.#wants.set(tabId, tables)
      this.#presence.watch(tabId, this.#onDeath)
    }
  }

  tables(): readonly string[] {
    return [...this.#wants.values()].flat()
  }

  clear(): void {
    this.#wants.clear()
  }
}
