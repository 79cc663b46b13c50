import type { Clock } from '../../src/time/Clock.js'

/** A clock that moves only when told; tasks run in the order of their instants. */
export class FakeClock implements Clock {
  #now: number
  #order = 0
  readonly #tasks = new Map<number, { at: number; task: () => void }>()

  constructor(now = Date.parse('2026-01-15T10:30:00.000Z')) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(delayMs: number, task: () => void): () => void {
    this.#order += 1
    const id = this.#order
    this.#tasks.set(id, { at: this.#now + delayMs, task })
    return () => this.#tasks.delete(id)
  }

  /** Tasks that wait. */
  get pending(): number {
    return this.#tasks.size
  }

  advance(byMs: number): void {
    const end = this.#now + byMs
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#tasks.delete(next.id)
      this.#now = Math.max(this.#now, next.at)
      next.task()
    }
    this.#now = end
  }

  #next(end: number): { id: number; at: number; task: () => void } | null {
    const due = [...this.#tasks].map(([id, entry]) => ({ id, ...entry })).filter(({ at }) => at <= end)
    return due.sort((a, b) => a.at - b.at || a.id - b.id)[0] ?? null
  }
}
