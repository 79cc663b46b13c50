import type { ActionDefinition, AnyAction } from '@org/contracts'
import type { ActionAnswer, ActionCall } from '../services/ActionCall.js'

/** An action and what carries it out. */
export interface ActionRoute<Action extends AnyAction = AnyAction> {
  action: Action
  /** Runs the action; the answer's bytes go out untouched. */
  run: (call: ActionCall) => Promise<ActionAnswer>
  /** Paths beside the action's own, with parameters (`:leadId`) that are merged into the request. @default none */
  otherPaths?: readonly `/${string}`[]
  /** For actions that share a path: whether this body is meant for this one. @default always */
  takes?: (body: unknown) => boolean
  /** Largest request body. @default 64 KiB */
  maxBodyBytes?: number
  /** Largest answer that the fast store keeps; longer ones are replayed by the ledger alone. @default 64 KiB */
  maxAnswerBytes?: number
}

/**
 * Binds an action of the contracts to what carries it out: the one line a new action needs here.
 * `run` gets the request as the action's schema parsed it.
 */
export function actionRoute<Name extends string, Request, Response>(
  action: ActionDefinition<Name, Request, Response>,
  run: (call: ActionCall<Request>) => Promise<ActionAnswer>,
  options: Omit<ActionRoute, 'action' | 'run'> = {},
): ActionRoute {
  return { action, run: (call) => run(call as ActionCall<Request>), ...options }
}
