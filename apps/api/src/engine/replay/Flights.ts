/** One key's request under way in this process, which duplicates join. */
export interface Flight<Answer> {
  readonly fingerprint: string
  /** Settles as the request does. */
  readonly landed: Promise<Answer>
  readonly startedAt: number
}

/** A flight that lasts longer than this has hung: whoever comes next begins anew, and the ledger decides. Milliseconds. */
const LONGEST_MS = 60_000

/** The keys under way in this process, so that duplicates cost nothing: no connection, no look anywhere. */
export class Flights<Answer> {
  readonly #flights = new Map<string, Flight<Answer>>()

  /** The flight of `id`, whatever it carries. */
  find(id: string): Flight<Answer> | undefined {
    const flight = this.#flights.get(id)
    return flight !== undefined && performance.now() - flight.startedAt > LONGEST_MS ? undefined : flight
  }

  /** Begins `work` as the flight of `id`, which ends with it. */
  begin(id: string, fingerprint: string, work: () => Promise<Answer>): Promise<Answer> {
    const landed = work()
    const flight = { fingerprint, landed, startedAt: performance.now() }
    this.#flights.set(id, flight)
    const end = () => {
      if (this.#flights.get(id) === flight) this.#flights.delete(id)
    }
    landed.then(end, end)
    return landed
  }
}
