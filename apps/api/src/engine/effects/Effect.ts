import type { ActionCall } from '../ledger/ActionCall.js'
import type { EffectOutcome } from './outcome.js'

/** What an effect in TypeScript is given. */
export interface EffectInput<Tx, Request> {
  /** The open transaction. Everything that shall be undone with the effect goes through it. */
  tx: Tx
  /** Who clicked what. Compare `call.caller.tenant` in every statement: an id of the request may be anybody's. */
  call: ActionCall<Request>
  request: Request
}

export type Effect<Tx, Request> = (input: EffectInput<Tx, Request>) => Promise<EffectOutcome>
