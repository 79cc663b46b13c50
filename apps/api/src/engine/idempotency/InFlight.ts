import type { StoredAnswer } from './IdempotencyStore.js'

/** What duplicates in flight are told: the leader's bytes and whether the ledger holds them. */
export interface FlightAnswer extends StoredAnswer {
  recorded: boolean
}

/** A request this process is working on now. Nearly always nobody joins, so a promise is only made for who does. */
export class Flight {
  readonly fingerprint: string
  #landed: FlightAnswer | null | undefined
  #joined: ((answer: FlightAnswer | null) => void)[] | null = null

  constructor(fingerprint: string) {
    this.fingerprint = fingerprint
  }

  /** The answer, also one that is not kept; null when there was none to share. Never rejects. */
  join(): Promise<FlightAnswer | null> {
    if (this.#landed !== undefined) return Promise.resolve(this.#landed)
    return new Promise((resolve) => {
      this.#joined ??= []
      this.#joined.push(resolve)
    })
  }

  land(answer: FlightAnswer | null): void {
    this.#landed = answer
    for (const resolve of this.#joined ?? []) resolve(answer)
  }
}

/** The keys in flight in this process. Duplicates join the first arrival instead of asking any store. */
export class InFlight {
  readonly #flights = new Map<string, Flight>()

  get size(): number {
    return this.#flights.size
  }

  find(id: string): Flight | undefined {
    return this.#flights.get(id)
  }

  open(id: string, fingerprint: string): Flight {
    const flight = new Flight(fingerprint)
    this.#flights.set(id, flight)
    return flight
  }

  /** Ends the flight of `id`: later arrivals ask the store again. */
  close(id: string, answer: FlightAnswer | null): void {
    this.#flights.get(id)?.land(answer)
    this.#flights.delete(id)
  }
}
