import type { ErrorCode } from '@org/contracts'
import { Refusal } from '../http/Refusal.js'
import { NoPlaceError, Rooms } from './Room.js'

export interface FairShareOptions {
  /** Connections that there are for requests. Integer ≥ 1. */
  connections: number
}

/** Whose work it is, and what it touches. */
export interface Share {
  tenant: string
  /** What must happen one after the other; a bulk change names none. */
  lanes: readonly string[]
  /** It changes many rows in one go. */
  isBulk: boolean
}

/** As long as a statement waits for a row: whoever waits longer is told the same. */
const LANE_WAIT_MS = 2_000
const WAIT_MS = 3_000
const RETRY_AFTER_MS = 2_000
/** Beyond this many, waiting in line takes longer than coming back. */
const MOST_IN_LANE = 50
const MOST_WAITING = 200

const TOO_MUCH_OF_ONE = 'Your organisation has as much under way as one may have at once. It will be tried again in a moment.'
const TOO_MUCH_BULK_OF_ONE = 'Other bulk changes of your organisation are under way. It will be tried again in a moment.'
const TOO_MUCH_BULK = 'As many bulk changes are under way as may be at once. It will be tried again in a moment.'

/**
 * Shares the database's connections so that nobody takes them from everybody: requests that touch the same lane wait
 * here and not on a connection, one organisation gets at most half of them, bulk changes of all at most a quarter, and of
 * one organisation one at a time: a thousand rows keep a processor of the database busy, not only a connection.
 */
export class FairShare {
  readonly #lanes = new Rooms({ places: 1, waiting: MOST_IN_LANE, waitMs: LANE_WAIT_MS })
  readonly #organisations: Rooms
  readonly #bulk: Rooms
  readonly #bulkOfOne = new Rooms({ places: 1, waiting: MOST_WAITING, waitMs: WAIT_MS })

  constructor({ connections }: FairShareOptions) {
    const part = (share: number) => ({ places: Math.max(1, Math.floor(connections * share)), waiting: MOST_WAITING, waitMs: WAIT_MS })
    this.#organisations = new Rooms(part(1 / 2))
    this.#bulk = new Rooms(part(1 / 4))
  }

  /**
   * Does `work` when it is its turn.
   * @throws {Refusal} ROW_BUSY when others are at the same record for too long, OVERLOADED when there is no connection
   *   to be had; nothing was begun then
   */
  run<T>({ tenant, lanes, isBulk }: Share, work: () => Promise<T>): Promise<T> {
    const inOrganisation = () => orRefuse(this.#organisations.enter(tenant, work), 'OVERLOADED', TOO_MUCH_OF_ONE)
    const amongBulk = () => orRefuse(this.#bulk.enter('', inOrganisation), 'OVERLOADED', TOO_MUCH_BULK)
    const shared = isBulk ? () => orRefuse(this.#bulkOfOne.enter(tenant, amongBulk), 'OVERLOADED', TOO_MUCH_BULK_OF_ONE) : inOrganisation
    // In one order, so that two requests never wait for each other.
    return [...new Set(lanes)]
      .sort()
      .reduceRight((inner, lane) => () => orRefuse(this.#lanes.enter(`${tenant.length}:${tenant}${lane}`, inner), 'ROW_BUSY'), shared)()
  }
}

async function orRefuse<T>(entered: Promise<T>, code: ErrorCode, error?: string): Promise<T> {
  try {
    return await entered
  } catch (cause) {
    if (!(cause instanceof NoPlaceError)) throw cause
    throw new Refusal(code, { retryAfterMs: RETRY_AFTER_MS, cause, ...(error === undefined ? {} : { error }) })
  }
}
