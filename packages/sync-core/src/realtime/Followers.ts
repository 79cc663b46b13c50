import type { Presence } from '../tabs/Presence.js'

/** What the tabs that follow this one want joined. A tab that ends wants nothing any more. */
export class Followers {
  readonly #presence: Presence
  readonly #onGone: () => void
  readonly #wants = new Map<string, readonly string[]>()
  /** One each, so that a tab is watched once however often it speaks. */
  readonly #watches = new Map<string, () => void>()

  /** @param onGone a follower ended without a word */
  constructor(presence: Presence, onGone: () => void) {
    this.#presence = presence
    this.#onGone = onGone
  }

  get isEmpty(): boolean {
    return this.#wants.size === 0
  }

  /** @param tables none: it goes */
  note(tabId: string, tables: readonly string[]): void {
    if (tables.length === 0) {
      this.#wants.delete(tabId)
      return
    }
    this.#wants.set(tabId, tables)
    const onDeath = this.#watches.get(tabId) ?? (() => this.#end(tabId))
    this.#watches.set(tabId, onDeath)
    this.#presence.watch(tabId, onDeath)
  }

  tables(): readonly string[] {
    return [...this.#wants.values()].flat()
  }

  clear(): void {
    this.#wants.clear()
  }

  #end(tabId: string): void {
    if (this.#wants.delete(tabId)) this.#onGone()
  }
}
