import type { StoredAnswer } from './IdempotencyStore.js'

/** A request this process is working on now, for duplicates to wait on. */
export interface Flight {
  readonly fingerprint: string
  /** The answer, also one that is not kept; null when there was none to share. Never rejects. */
  readonly answer: Promise<FlightAnswer | null>
}

/** What duplicates in flight are told: the leader's bytes and whether the ledger holds them. */
export interface FlightAnswer extends StoredAnswer {
  recorded: boolean
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

  /** Opens a flight; the returned function ends it, once, with what duplicates are told. */
  open(id: string, fingerprint: string): (answer: FlightAnswer | null) => void {
    let land: (answer: FlightAnswer | null) => void = () => {}
    const flight: Flight = { fingerprint, answer: new Promise((resolve) => (land = resolve)) }
    this.#flights.set(id, flight)
    return (answer) => {
      if (this.#flights.get(id) === flight) this.#flights.delete(id)
      land(answer)
    }
  }
}
