import { Flight } from './Flight.js'
import type { Claim } from './IdempotencyStore.js'
import type { Ending } from './judgeFound.js'

/** The keys that requests of this process are at work on. */
export class Flights {
  readonly #byId = new Map<string, Flight>()
  #whenNone: (() => void)[] = []

  /** Resolves once there is none. */
  none(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#byId.size === 0) resolve()
      else this.#whenNone.push(resolve)
    })
  }

  all(): Iterable<Flight> {
    return this.#byId.values()
  }

  find(id: string): Flight | undefined {
    return this.#byId.get(id)
  }

  begin(claim: Claim): Flight {
    const flight = new Flight(claim)
    this.#byId.set(claim.id, flight)
    return flight
  }

  /** Ends it: whoever comes from now on asks the store. One that was ended before may have another in its place. */
  end(flight: Flight, ending: Ending): void {
    flight.land(ending)
    if (this.#byId.get(flight.claim.id) !== flight) return
    this.#byId.delete(flight.claim.id)
    if (this.#byId.size > 0) return
    for (const resolve of this.#whenNone.splice(0)) resolve()
  }
}
