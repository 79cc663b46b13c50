import type { NextFunction, Request, Response } from 'express'
import type { AnswerRules } from './AnswerRecord.js'
import type { Flight } from './Flight.js'
import { Flights } from './Flights.js'
import { isSameRequest } from './fingerprint.js'
import { Heartbeat, type HeldClaim } from './Heartbeat.js'
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
    const { onStoreError = warnOfStore(), leaseMs, graceMs } = settings
    this.#settings = settings
    this.#rules = { maxBytes: settings.maxAnswerBytes, onlyHeaders: settings.onlyHeaders }
    this.#store = new PatientStore(settings.store, (verb, error) => tell(onStoreError, verb, error))
    this.#heartbeat = new Heartbeat({
      beatMs: leaseMs / 3,
      graceMs,
      renew: (claim) => this.#store.renew(claim),
      // Its lease runs out in the store, as that of a process that died.
      onSilent: (claim) => this.#flights.end(claim, refuse(IN_PROGRESS)),
    })
  }

  /** Resolves once no request is at work and every answer is kept, or given up. */
  settled(): Promise<void> {
    return this.#flights.none()
  }

  /** Lets one request of each key into its handler, and answers all others. */
  arrive(claim: Claim, exchange: Exchange): void {
    const flight = this.#flights.find(claim.id)
    if (flight !== undefined) {
      this.#join(flight, claim, exchange)
      return
    }
    this.#flights.begin(claim)
    this.#ask(claim, exchange, NOT_YET)
  }

  #join(flight: Flight, claim: Claim, exchange: Exchange): void {
    // The same request comes by here twice: it is at work already.
    if (flight.owner === claim.owner) exchange.next()
    else if (!isSameRequest(flight.fingerprint, claim.fingerprint)) this.#answer(exchange, refuse(KEY_REUSED))
    else void flight.join(this.#settings.waitMs).then((ending) => this.#answer(exchange, ending ?? refuse(IN_PROGRESS), 'joined'))
  }

  #ask(claim: Claim, exchange: Exchange, waiting: Waiting): void {
    const asked = this.#store.claim(claim)
    if (asked instanceof Promise) void asked.then((later) => this.#act(claim, exchange, later, waiting))
    else this.#act(claim, exchange, asked, waiting)
  }

  #act(claim: Claim, exchange: Exchange, asked: Asked, waiting: Waiting): void {
    if (asked.kind === 'failed') {
      this.#fail(claim, exchange, asked.error)
      return
    }
    const verdict = judgeFound(asked, claim)
    switch (verdict.kind) {
      case 'run':
        this.#run(claim, exchange)
        break
      case 'pass':
        this.#flights.end(claim, refuse(IN_PROGRESS))
        exchange.next()
        break
      case 'wait':
        this.#wait(claim, exchange, waiting)
        break
      default:
        this.#end(claim, exchange, verdict)
    }
  }

  /** Another process is at work: asked after again until it ended, or the duplicate waited long enough. */
  #wait(claim: Claim, exchange: Exchange, { waitedMs, pollMs }: Waiting): void {
    if (waitedMs >= this.#settings.waitMs) {
      this.#end(claim, exchange, refuse(IN_PROGRESS))
      return
    }
    const waiting = { waitedMs: waitedMs + pollMs, pollMs: Math.min(pollMs * 2, LONGEST_POLL_MS) }
    setTimeout(() => this.#ask(claim, exchange, waiting), pollMs)
  }

  /** Nobody knows whether the claim arrived. The handler was not entered, so the key is given back. */
  #fail(claim: Claim, exchange: Exchange, error: unknown): void {
    const isFull = error instanceof StoreFullError
    if (!isFull) this.#store.withdraw(claim)
    this.#end(claim, exchange, refuse(isFull ? STORE_FULL : STORE_AWAY))
  }

  #end(claim: Claim, exchange: Exchange, ending: Ending): void {
    this.#flights.end(claim, ending)
    this.#answer(exchange, ending)
  }

  #run(claim: Claim, { res, next }: Exchange): void {
    if (res.headersSent) {
      // Somebody (a time limit, say) answered meanwhile: nobody would hear of what the handler does.
      this.#store.withdraw(claim)
      this.#flights.end(claim, refuse(IN_PROGRESS))
      return
    }
    const held = this.#heartbeat.hold(claim, res)
    watchAnswer(res, { owner: claim.owner, rules: this.#rules, onEnd: (outcome) => this.#keep(held, outcome) })
    tell(this.#settings.onArrival, 'new')
    next()
  }

  #keep(held: HeldClaim, outcome: Outcome): void {
    const { claim } = held
    const ending = endingOf(outcome)
    this.#heartbeat.letGo(held)
    this.#flights.land(claim, ending)
    const kept = this.#store.complete(claim, outcome)
    if (kept instanceof Promise) void kept.then(() => this.#flights.end(claim, ending))
    else this.#flights.end(claim, ending)
  }

  #answer({ req, res }: Exchange, ending: Ending, replayed: 'replayed' | 'joined' = 'replayed'): void {
    tell(this.#settings.onArrival, ending.kind === 'replay' ? replayed : arrivalOutcome(ending.refusal))
    if (ending.kind === 'replay') replayAnswer(req, res, ending.answer)
    else sendRefusal(req, res, ending.refusal)
  }
}
