import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from 'cockatiel'

/** A place did not become free in time, or too many wait for one already. */
export class NoPlaceError extends Error {
  override readonly name = 'NoPlaceError'
}

export interface RoomOptions {
  /** At work at once. Integer ≥ 1. */
  places: number
  /** Waiting at once; the next one is refused at once. Integer ≥ 0. */
  waiting: number
  /** Longest wait for a place. Milliseconds > 0. */
  waitMs: number
}

/** Rooms by name, each with so many places; one that nobody is in costs nothing. */
export class Rooms {
  readonly #options: RoomOptions
  readonly #rooms = new Map<string, { policy: BulkheadPolicy; inside: number }>()

  constructor(options: RoomOptions) {
    this.#options = options
  }

  /** Rooms that somebody is in, at work or waiting. */
  get size(): number {
    return this.#rooms.size
  }

  /**
   * Does `work` once there is a place for it in the room called `name`.
   * @throws {NoPlaceError} when there is none in time; `work` then was not begun and never is
   */
  async enter<T>(name: string, work: () => Promise<T>): Promise<T> {
    const room = this.#roomOf(name)
    room.inside += 1
    try {
      return await this.#inTurn(room.policy, work)
    } finally {
      room.inside -= 1
      if (room.inside === 0) this.#rooms.delete(name)
    }
  }

  #roomOf(name: string) {
    const { places, waiting } = this.#options
    const room = this.#rooms.get(name) ?? { policy: bulkhead(places, waiting), inside: 0 }
    this.#rooms.set(name, room)
    return room
  }

  #inTurn<T>(policy: BulkheadPolicy, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isWaiting = true
      const timer = setTimeout(() => {
        isWaiting = false
        reject(new NoPlaceError('no place became free in time'))
      }, this.#options.waitMs)
      const begin = () => {
        clearTimeout(timer)
        // Whoever was refused meanwhile has been told so, and only passes the place on.
        return isWaiting ? work() : undefined
      }
      policy.execute(begin).then(
        (result) => resolve(result as T),
        (error) => {
          clearTimeout(timer)
          reject(error instanceof BulkheadRejectedError ? new NoPlaceError('too many wait already', { cause: error }) : error)
        },
      )
    })
  }
}
