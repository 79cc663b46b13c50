import type { NextFunction, Request, Response } from 'express'
import type { AnswerRules } from './AnswerRecord.js'
import type { Flight } from './Flight.js'
import { Flights } from './Flights.js'
import { isSameRequest } from './fingerprint.js'
import { Heartbeat } from './Heartbeat.js'
import type { IdempotencySettings } from './IdempotencyOptions.js'
import { type Claim, type Outcome, StoreFullError } from './IdempotencyStore.js'
import { arrivalOutcome, tell, warnOfStore } from './idempotencyEvents.js'
import { type Ending, endingOf, judgeFound, refuse } from './judgeFound.js'
import { type Asked, PatientStore } from './PatientStore.js'
import { IN_PROGRESS, KEY_REUSED, STORE_AWAY, STORE_FULL } from './refusals.js'
import { replayAnswer } from './replayAnswer.js'
import { sendRefusal } from './sendRefusal.js'
import { watchAnswer } from './watchAnswer.js'

/** A request on its way. */
export interface Exchange {
  req: Request
  res: Response
  next: NextFunction
}

/** How long a duplicate has waited for another process. */
interface Waiting {
  waitedMs: number
  pollMs: number
}

const NOT_YET: Waiting = { waitedMs: 0, pollMs: 50 }
const LONGEST_POLL_MS = 400

/** One handler run for each key. */
export class OneRun {
  readonly #settings: IdempotencySettings
  readonly #store: PatientStore
  readonly #flights = new Flights()
  readonly #heartbeat: Heartbeat
  readonly #rules: AnswerRules

  constructor(settings: IdempotencySettings) {
    const { onStoreError = warnOfStore(), leaseMs, graceMs, patienceMs } = settings
    this.#settings = settings
    this.#rules = { maxBytes: settings.maxAnswerBytes, onlyHeaders: settings.onlyHeaders }
    this.#store = new PatientStore(settings.store, { patienceMs, onError: (verb, error) => tell(onStoreError, verb, error) })
    this.#heartbeat = new Heartbeat({
      beatMs: leaseMs / 3,
      graceMs,
      flights: () => this.#flights.all(),
      renew: (claim) => this.#store.renew(claim),
      // Its lease runs out in the store, as that of a process that died.
      onSilent: (flight) => this.#flights.end(flight, refuse(IN_PROGRESS)),
    })
  }

  /** Resolves once no request is at work and every answer is kept, or given up. */
  settled(): Promise<void> {
    return this.#flights.none()
  }

  /** Lets one request of each key into its handler, and answers all others. None of them was answered yet. */
  arrive(claim: Claim, exchange: Exchange): void {
    const flight = this.#flights.find(claim.id)
    if (flight === undefined) this.#ask(this.#flights.begin(claim), exchange, NOT_YET)
    else this.#join(flight, claim, exchange)
  }

  #join(flight: Flight, claim: Claim, exchange: Exchange): void {
    // The same request comes by here twice: it is at work already.
    if (flight.claim.owner === claim.owner) exchange.next()
    else if (!isSameRequest(flight.claim.fingerprint, claim.fingerprint)) this.#answer(exchange, refuse(KEY_REUSED))
    else void flight.join(this.#settings.waitMs).then((ending) => this.#answer(exchange, ending ?? refuse(IN_PROGRESS), 'joined'))
  }

  #ask(flight: Flight, exchange: Exchange, waiting: Waiting): void {
    const asked = this.#store.claim(flight.claim, (later) => this.#actLater(flight, exchange, later, waiting))
    if (asked !== null) this.#act(flight, exchange, asked, waiting)
  }

  #actLater(flight: Flight, exchange: Exchange, asked: Asked, waiting: Waiting): void {
    if (asked.kind !== 'new' || !exchange.res.headersSent) {
      this.#act(flight, exchange, asked, waiting)
      return
    }
    // Somebody (a time limit, say) answered meanwhile: nobody would hear of what the handler does.
    this.#store.withdraw(flight.claim)
    this.#flights.end(flight, refuse(IN_PROGRESS))
  }

  #act(flight: Flight, exchange: Exchange, asked: Asked, waiting: Waiting): void {
    if (asked.kind === 'failed') {
      this.#fail(flight, exchange, asked.error)
      return
    }
    const verdict = judgeFound(asked, flight.claim)
    switch (verdict.kind) {
      case 'run':
        this.#run(flight, exchange)
        break
      case 'pass':
        this.#flights.end(flight, refuse(IN_PROGRESS))
        exchange.next()
        break
      case 'wait':
        this.#wait(flight, exchange, waiting)
        break
      default:
        this.#end(flight, exchange, verdict)
    }
  }

  /** Another process is at work: asked after again until it ended, or the duplicate waited long enough. */
  #wait(flight: Flight, exchange: Exchange, { waitedMs, pollMs }: Waiting): void {
    if (waitedMs >= this.#settings.waitMs) {
      this.#end(flight, exchange, refuse(IN_PROGRESS))
      return
    }
    const waiting = { waitedMs: waitedMs + pollMs, pollMs: Math.min(pollMs * 2, LONGEST_POLL_MS) }
    setTimeout(() => this.#ask(flight, exchange, waiting), pollMs)
  }

  /** Nobody knows whether the claim arrived. The handler was not entered, so the key is given back. */
  #fail(flight: Flight, exchange: Exchange, error: unknown): void {
    const isFull = error instanceof StoreFullError
    if (!isFull) this.#store.withdraw(flight.claim)
    this.#end(flight, exchange, refuse(isFull ? STORE_FULL : STORE_AWAY))
  }

  #end(flight: Flight, exchange: Exchange, ending: Ending): void {
    this.#flights.end(flight, ending)
    this.#answer(exchange, ending)
  }

  #run(flight: Flight, { res, next }: Exchange): void {
    flight.res = res
    flight.since = performance.now()
    this.#heartbeat.start()
    watchAnswer(res, { owner: flight.claim.owner, rules: this.#rules, onEnd: (outcome) => this.#keep(flight, outcome) })
    tell(this.#settings.onArrival, 'new')
    next()
  }

  #keep(flight: Flight, outcome: Outcome): void {
    const ending = endingOf(outcome)
    flight.res = null
    flight.land(ending)
    this.#store.complete(flight.claim, outcome, () => this.#flights.end(flight, ending))
  }

  #answer({ req, res }: Exchange, ending: Ending, replayed: 'replayed' | 'joined' = 'replayed'): void {
    tell(this.#settings.onArrival, ending.kind === 'replay' ? replayed : arrivalOutcome(ending.refusal))
    if (ending.kind === 'replay') replayAnswer(req, res, ending.answer)
    else sendRefusal(req, res, ending.refusal)
  }
}
