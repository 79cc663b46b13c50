import { z } from '@org/contracts/client'
import type { OriginStore } from './OriginStore.js'

const KEY = 'waiting'
const countsSchema = z.record(z.string(), z.number())

/**
 * How many clicks wait for their users to sign in again, by hash(tenant, user): all that may be said of them while
 * nobody is signed in.
 */
export class WaitingCounts {
  readonly #origin: OriginStore
  readonly #onChange: () => void
  #counts: Readonly<Record<string, number>> = {}

  constructor(origin: OriginStore, onChange: () => void) {
    this.#origin = origin
    this.#onChange = onChange
  }

  get total(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0)
  }

  async load(): Promise<void> {
    this.#take(await this.#origin.read(KEY))
  }

  /** @param count 0: nothing of that user waits, or the user is here */
  async set(scope: string, count: number): Promise<void> {
    await this.#origin.update(KEY, (value) => {
      const { [scope]: _before, ...others } = toCounts(value)
      const counts = count > 0 ? { ...others, [scope]: count } : others
      this.#take(counts)
      return Object.keys(counts).length > 0 ? counts : undefined
    })
  }

  #take(value: unknown): void {
    this.#counts = toCounts(value)
    this.#onChange()
  }
}

function toCounts(value: unknown): Readonly<Record<string, number>> {
  const parsed = countsSchema.safeParse(value)
  return parsed.success ? parsed.data : {}
}
