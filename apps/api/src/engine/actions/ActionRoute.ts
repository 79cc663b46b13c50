import { type ActionDefinition, type AnyAction, type CodeOf, isErrorCode } from '@org/contracts'
import type { ActionAnswer, ActionCall, ActionOptions, Caller } from '../ledger/ActionCall.js'

export interface ActionRouteOptions<Request = unknown, Code extends string = string> {
  /** Paths beside the action's own, with parameters (`:id`) that are merged into the request. @default none */
  otherPaths?: readonly `/${string}`[]
  /** For actions that share a path: whether this body is meant for this one. @default always */
  takes?: (body: unknown) => boolean
  /** Largest request body, in bytes. @default 64 KiB */
  maxBodyBytes?: number
  /** Longest answer that the replay cache keeps, in characters; longer ones are replayed by the ledger alone. @default 64 KiB */
  maxAnswerBytes?: number
  /** Why this caller may not ask for this, judged by the request alone: a code of the action; null when they may. @default null */
  forbids?: (request: Request, caller: Caller) => Code | null
  /** It changes many rows in one go: it waits for none of their lanes, and all bulk changes share a quarter of the connections. @default false */
  isBulk?: boolean
  /** How often one person may carry it out in a minute; replays are free. @default unbounded */
  perMinute?: number
  /** Headers of every answer of this action, replays included. */
  headers?: () => Record<string, string>
}

/** An action and what carries it out. */
export interface ActionRoute extends Omit<ActionRouteOptions, 'forbids'> {
  action: AnyAction
  forbids: (request: unknown, caller: Caller) => string | null
  /** Runs the action; the answer's bytes go out untouched. `options.refusal` is handed on to the ledger. */
  run: (call: ActionCall, options: ActionOptions) => Promise<ActionAnswer>
}

/**
 * Binds an action of the contracts to what carries it out: the one line a new action needs here.
 * `run` gets the request as the action's schema parsed it.
 * @throws {RangeError} when the action declares a code that has a meaning of its own in every deployment
 */
export function actionRoute<Name extends string, Request, Response, Code extends string>(
  action: ActionDefinition<Name, Request, Response, Code>,
  run: (call: ActionCall<Request>, options: ActionOptions) => Promise<ActionAnswer>,
  { forbids = () => null, ...options }: ActionRouteOptions<Request, CodeOf<{ refusals: readonly Code[] }>> = {},
): ActionRoute {
  const taken = Object.keys(action.errorCodes).find(isErrorCode)
  if (taken !== undefined)
    throw new RangeError(`actionRoute(${action.name}): ${taken} has a meaning of its own in every deployment; take another name`)
  return {
    ...options,
    action,
    // The one place where the schema's word for a request is taken: it was parsed just before.
    forbids: (request, caller) => forbids(request as Request, caller),
    run: (call, runOptions) => run(call as ActionCall<Request>, runOptions),
  }
}
