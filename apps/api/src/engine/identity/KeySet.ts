import { setTimeout } from 'node:timers/promises'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { atMost } from '../time/atMost.js'

/** The key set could not be read, which says nothing about any token. */
export class KeySetUnavailableError extends Error {
  override readonly name = 'KeySetUnavailableError'
}

export interface KeySetOptions {
  url: string
  /** Told once when the set cannot be read, and once when it can again. */
  onAway?: (error: unknown) => void
  onBack?: () => void
  /** Longest wait for the set. Milliseconds > 0. @default 5_000 */
  timeoutMs?: number
  /** Milliseconds that only grow: a wall clock that is put back would keep what was read as fresh. @default performance.now */
  now?: () => number
  /** Resolves after so many milliseconds. @default a timer */
  wait?: (ms: number) => Promise<unknown>
}

/** After this the set is read again: a key that was taken out of it is refused this late at most. */
const FRESH_MS = 10 * 60_000
/** Known keys go on so long without the provider. Longer, and a key it has withdrawn would be good for whoever keeps it from us. */
const LONGEST_STALE_MS = 24 * 60 * 60_000
/** While the provider is away it is asked so often for what may have changed, and so often for a key that is not known. */
const REFRESH_PAUSE_MS = 10_000
const RETRY_PAUSE_MS = 2_000
/** Tokens that name unknown keys make so many readings at once, then one in two seconds, for which all of them wait. */
const READINGS_AT_ONCE = 5
const READING_EVERY_MS = 2_000
/** Longest a known key waits for a set that is being read. */
const WAIT_MS = 1_000

/**
 * The identity provider's keys. Read at the first use, again after ten minutes, and when a token names a key that is
 * not there. While the provider is away the known keys go on for a day; a key that is not known then is no bad key:
 * nobody can say.
 */
export class KeySet {
  readonly #options: Required<KeySetOptions>
  #known: { keyOf: JWTVerifyGetKey; readAt: number } | null = null
  #failure: KeySetUnavailableError | null = null
  #triedAt = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | null = null
  #readings = { left: READINGS_AT_ONCE, countedAt: 0 }
  #nextReading: Promise<void> | null = null

  constructor(options: KeySetOptions) {
    this.#options = {
      onAway: () => undefined,
      onBack: () => undefined,
      timeoutMs: 5_000,
      now: () => performance.now(),
      wait: setTimeout,
      ...options,
    }
  }

  /**
   * The key that a token names; what `jwtVerify` takes.
   * @throws {errors.JWKSNoMatchingKey} when it is not in the set, which was read anew for it
   * @throws {KeySetUnavailableError} when nobody can say
   */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    await this.#refresh()
    const known = this.#usable()
    if (known !== null) {
      try {
        return await known.keyOf(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      }
    }
    return this.#newKeyOf(header, token)
  }

  /** Nobody waits for a provider that is known to be away, and hardly for one that turns out to be. */
  async #refresh(): Promise<void> {
    if (this.#known === null || this.#age() <= FRESH_MS || this.#sinceTried() < REFRESH_PAUSE_MS) return
    const reading = this.#read()
    if (this.#failure === null) await atMost(reading, WAIT_MS)
  }

  async #newKeyOf(...[header, token]: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (this.#failure !== null && this.#reading === null && this.#sinceTried() < RETRY_PAUSE_MS) throw this.#failure
    await this.#readForUnknown()
    const known = this.#usable()
    if (this.#failure !== null || known === null) throw this.#failure ?? new KeySetUnavailableError('The key set at JWKS_URL is too old.')
    return known.keyOf(header, token)
  }

  /**
   * Anybody can write a token that names an unknown key, so a flood of them waits together for one reading. A new key of the
   * provider is among them: refused without a look, whoever bears it would be signed out for as long as the flood lasts.
   */
  #readForUnknown(): Promise<void> {
    this.#nextReading ??= this.#readWhenDue().finally(() => {
      this.#nextReading = null
    })
    return this.#nextReading
  }

  async #readWhenDue(): Promise<void> {
    const now = this.#options.now()
    const left = Math.min(READINGS_AT_ONCE, this.#readings.left + (now - this.#readings.countedAt) / READING_EVERY_MS) - 1
    this.#readings = { left, countedAt: now }
    if (left < 0) await this.#options.wait(-left * READING_EVERY_MS)
    await this.#read()
  }

  #usable() {
    return this.#known !== null && this.#age() <= LONGEST_STALE_MS ? this.#known : null
  }

  #age(): number {
    return this.#known === null ? Number.POSITIVE_INFINITY : this.#options.now() - this.#known.readAt
  }

  #sinceTried(): number {
    return this.#options.now() - this.#triedAt
  }

  #read(): Promise<void> {
    this.#reading ??= this.#fetch().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #fetch(): Promise<void> {
    const { now, onAway, onBack } = this.#options
    const wasAway = this.#failure !== null
    try {
      this.#known = { keyOf: createLocalJWKSet(await fetchKeys(this.#options)), readAt: now() }
      this.#failure = null
      if (wasAway) onBack()
    } catch (cause) {
      this.#failure = new KeySetUnavailableError('The key set at JWKS_URL cannot be read.', { cause })
      if (!wasAway) onAway(this.#failure)
    }
    this.#triedAt = now()
  }
}

async function fetchKeys({ url, timeoutMs }: Required<KeySetOptions>): Promise<JSONWebKeySet> {
  const headers = { accept: 'application/json, application/jwk-set+json' }
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  if (response.status !== 200) throw new KeySetUnavailableError(`The identity provider answered ${response.status}.`)
  const set: unknown = await response.json()
  if (hasKeys(set)) return set
  // An empty set would lock everybody out; providers that sign have a key.
  throw new KeySetUnavailableError('The identity provider answered something else than a set of keys.')
}

function hasKeys(set: unknown): set is JSONWebKeySet {
  const keys = (set as { keys?: unknown } | null)?.keys
  return Array.isArray(keys) && keys.length > 0
}
