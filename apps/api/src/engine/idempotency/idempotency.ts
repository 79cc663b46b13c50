import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { TimeLimit } from '../time/TimeLimit.js'
import { TooDeepError } from './canonicalText.js'
import { claimId } from './claimId.js'
import { fingerprintInWords, fingerprintOf } from './fingerprint.js'
import { type IdempotencyOptions, readOptions, type Scope } from './IdempotencyOptions.js'
import type { Claim, MaybeLater } from './IdempotencyStore.js'
import { tell } from './idempotencyEvents.js'
import { type Exchange, OneRun } from './OneRun.js'
import { readKey } from './readKey.js'
import { KEY_INVALID, KEY_REQUIRED, type KeyRefusal, TOO_DEEP } from './refusals.js'
import { type RequestFingerprintOptions, requestFingerprint } from './requestFingerprint.js'
import { sendRefusal } from './sendRefusal.js'
import { ownerOf } from './watchAnswer.js'

/** The middleware. */
export interface Idempotency extends RequestHandler {
  /** Resolves once no request is at work and every answer is kept: what a stop waits for before it closes the store. */
  settled: () => Promise<void>
}

/** They change nothing, so they need no key and none is looked at. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
const METHODS_WITH_KEY = new Set(['POST', 'PATCH'])

/**
 * Never runs what follows it twice for one `Idempotency-Key` of one scope: a duplicate gets the first one's answer, byte by
 * byte, or a refusal (400 without a key, 409 while the first is at work or its outcome is unknown, 422 with another body,
 * 503 while the store is away). Belongs after whoever signs people in and after the body parser, directly before the handler.
 *
 * @throws {TypeError} when `store` or `scope` is missing
 * @throws {RangeError} naming an option out of its range
 */
export function idempotency(options: IdempotencyOptions): Idempotency {
  const settings = readOptions(options)
  const oneRun = new OneRun(settings)
  const { leaseMs, windowMs, patienceMs } = settings
  const scopeLimit = new TimeLimit(patienceMs, () => new Error(scopeSilent(patienceMs)))
  const inWords = settings.store.isInProcess === true
  const how: RequestFingerprintOptions = { print: inWords ? fingerprintInWords : fingerprintOf, describe: settings.fingerprint }
  const refuse = ({ req, res }: Exchange, refusal: KeyRefusal) => {
    tell(settings.onArrival, 'no-key')
    sendRefusal(req, res, refusal)
  }

  const middleware: RequestHandler = (req, res, next) => {
    if (SAFE_METHODS.has(req.method)) return next()
    const exchange = { req, res, next }
    const read = readKey(req, res)
    // Nobody would hear of what the handler does.
    if (read.kind === 'late') return
    if (read.kind === 'invalid') return refuse(exchange, KEY_INVALID)
    if (read.kind === 'key') return identify(exchange, read.key)
    if (settings.required && METHODS_WITH_KEY.has(req.method)) return refuse(exchange, KEY_REQUIRED)
    next()
  }

  function identify(exchange: Exchange, key: string): void {
    const fail = (error: unknown) => (error instanceof TooDeepError ? refuse(exchange, TOO_DEEP) : exchange.next(error))
    let scope: MaybeLater<Scope> | undefined
    let claim: Claim
    try {
      scope = settings.scope(exchange.req)
      if (scope instanceof Promise) scope = scopeLimit.watch(scope)
      const fingerprint = requestFingerprint(exchange.req, how)
      if (scope instanceof Promise || fingerprint instanceof Promise) {
        const later = Promise.all([scope, fingerprint]).then(([whose, what]) => claimOf(exchange.res, claimId(whose, key), what))
        later.then((known) => exchange.res.headersSent || oneRun.arrive(known, exchange), fail)
        return
      }
      claim = claimOf(exchange.res, claimId(scope, key), fingerprint)
    } catch (error) {
      // Nobody waits for it any more, and a rejection that nobody hears would end this process.
      if (scope instanceof Promise) scope.catch(() => undefined)
      fail(error)
      return
    }
    oneRun.arrive(claim, exchange)
  }

  const claimOf = (res: Response, id: string, fingerprint: string): Claim => {
    return { id, fingerprint, owner: requestOf(res), leaseMs, windowMs, workedOut: undefined }
  }

  return Object.assign(middleware, { settled: () => oneRun.settled() })
}

function scopeSilent(patienceMs: number): string {
  return `idempotency(): scope did not say within ${patienceMs} ms whose key this is, so the request was not carried out. Find out what it waits for; patienceMs says how long is too long.`
}

const PROCESS = randomUUID()
let requests = 0

/** Names the request. One that an earlier idempotency() let through is still the same. */
function requestOf(res: Response): string {
  requests += 1
  return ownerOf(res) ?? `${PROCESS}/${requests}`
}
