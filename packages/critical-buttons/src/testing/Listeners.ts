/** Listeners by key. */
export class Listeners {
  readonly #byKey = new Map<string, Set<() => void>>()

  add(key: string, listener: () => void): () => void {
    const listeners = this.#byKey.get(key) ?? new Set()
    this.#byKey.set(key, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  call(key: string): void {
    for (const listener of [...(this.#byKey.get(key) ?? [])]) listener()
  }

  count(): number {
    return [...this.#byKey.values()].reduce((sum, listeners) => sum + listeners.size, 0)
  }
}
