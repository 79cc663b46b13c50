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

  find(id: string): Flight | undefined {
    return this.#byId.get(id)
  }

  begin(claim: Claim): void {
    this.#byId.set(claim.id, new Flight(claim))
  }

  /** Tells who joined; whoever comes from now on is told it too. */
  land(claim: Claim, ending: Ending): void {
    this.#own(claim)?.land(ending)
  }

  /** Ends it: whoever comes from now on asks the store. */
  end(claim: Claim, ending: Ending): void {
    const flight = this.#own(claim)
    if (flight === undefined) return
    flight.land(ending)
    this.#byId.delete(claim.id)
    if (this.#byId.size > 0) return
    for (const resolve of this.#whenNone.splice(0)) resolve()
  }

  #own({ id, owner }: Claim): Flight | undefined {
    const flight = this.#byId.get(id)
    return flight?.owner === owner ? flight : undefined
  }
}
