import { check } from '../check.js'
import type { ErrorCode, ErrorCodeEntry } from '../errorCodes.js'
import type { RequestProblem } from '../requestProblem.js'
import type { StandardSchema } from '../StandardSchema.js'
import { checkDefinition } from './checkDefinition.js'
import { LEDGER_CODES } from './commonCodes.js'

/** A provisional change of one row, shown at once and dropped when the server's row includes it. */
export interface RowPatch {
  table: string
  id: string
  patch: Readonly<Record<string, unknown>>
}

/** Who clicked and when; what an overlay may be made from. */
export interface ClickContext {
  actor: string
  /** ISO 8601 instant of the click. */
  clickedAt: string
}

/**
 * A named, typed operation a button triggers. Server routes and client calls are both made from it.
 * `Request` is what is given to the schema, `Response` what comes out of it.
 */
export interface ActionDefinition<Name extends string = string, Request = unknown, Response = unknown, Code extends string = string> {
  /**
   * `noun.verb`, for example "booking.confirm": letters, digits, ".", "_" and "-", 100 at most. Part of the fingerprint: never
   * rename one that is in use.
   */
  readonly name: Name
  readonly method: 'POST'
  /** Absolute path on the API, without a query. */
  readonly path: `/${string}`
  /**
   * Any Standard Schema (zod, valibot, the contracts' own), never an asynchronous one. Strict: a request with unknown
   * fields is refused. Grows by optional fields only, first on the server. It checks: the request is kept and sent as it was given, as JSON.
   */
  readonly requestSchema: StandardSchema<Request, unknown>
  /**
   * What one click may ask for, where that is more than one request may hold: `split` then makes requests of it that
   * keep `requestSchema`. Never seen by a server. @default requestSchema
   */
  readonly clickSchema?: StandardSchema<Request, unknown>
  /** Any Standard Schema. Tolerant: a client accepts fields it does not know, and asks for no more than it uses. */
  readonly responseSchema: StandardSchema<unknown, Response>
  /** What a person reads about a request that `requestSchema` refuses, where this action knows better words. */
  readonly words?: (problem: RequestProblem) => string | undefined
  /** Mutations that share a lane run in order, one at a time. At least one. */
  readonly lanes: (request: Request) => readonly string[]
  /** The rows this action is expected to change, with what they will show. May be empty. */
  readonly overlays: (request: Request, context: ClickContext) => readonly RowPatch[]
  /** Full rows in an answer (also in a conflict's), to merge into base rows. */
  readonly rows: (response: unknown) => readonly { table: string; row: unknown }[]
  /** A mutation older than this is refused with ACTION_EXPIRED. Milliseconds, > 0. */
  readonly ttlMs: number
  /** False: a request without a key is carried out as last-writer-wins, with no promise. */
  readonly keyRequired: boolean
  /** Refusals of the common table (`ERROR_CODES`) that this action can answer with, beside the ones every action has. */
  readonly refusals: readonly Code[]
  /**
   * Refusals of its own, by their codes: `{ CREDIT_LIMIT: { status: 422, retryable: false, text: 'Above your credit limit.' } }`.
   * A person reads the text as the server sends it; no client needs to know it beforehand. `status` is 400 to 499;
   * `retryable: true` says that the same click may succeed later, so such a refusal is never recorded.
   */
  readonly errorCodes: { readonly [Own in Code]?: ErrorCodeEntry }
  /**
   * True: a 2xx with `success: false` says that a part of it took effect (`remaining` says which part did not).
   * @default false, such an answer is none
   */
  readonly partial?: boolean
  /**
   * Set when one click may become several requests: splits it, so that progress is visible and a
   * retry is small. Returns at least one request, in order.
   */
  readonly split?: (request: Request) => readonly Request[]
  /** Set with `split`: one answer out of the parts' endings, in the order of the parts. */
  readonly combine?: (parts: readonly SplitPart<Request, Response>[]) => Response
  /**
   * Set where an action may take effect in part: what is left to try again after this answer, undefined when nothing
   * is. @default the whole request
   */
  readonly remaining?: (request: Request, response: unknown) => Request | undefined
  /**
   * The same person repeating the same request within this time after it succeeded gets the first one's
   * answer instead of a second effect. Milliseconds. @default 0, every click after success is a new one
   */
  readonly duplicateWindowMs?: number
  /** True when a 202 answer says that the effect has certainly not been tried yet. @default never certain */
  readonly isUntried?: (answer: unknown) => boolean
}

/** How one part of a split request ended. */
export interface SplitPart<Request, Response> {
  request: Request
  /** Undefined when the part was refused or cancelled. */
  response: Response | undefined
  /** Why it was refused; undefined when it was answered. */
  code: string | undefined
}

/** Any action, whatever its request and response. */
// biome-ignore lint/suspicious/noExplicitAny: an action takes its own request, so no one concrete type fits all of them
export type AnyAction = ActionDefinition<string, any, any, any>

export type RequestOf<A> = A extends { requestSchema: StandardSchema<infer Request, unknown> } ? Request : never
export type ResponseOf<A> = A extends { responseSchema: StandardSchema<unknown, infer Response> } ? Response : never

type EveryActionsCode = (typeof LEDGER_CODES)[number]

/** Every code that a refusal of `A` can have: a comparison with another one is a compile error. */
export type CodeOf<A> = A extends { refusals: readonly (infer Code extends string)[] } ? Code | EveryActionsCode : never

/**
 * Defines an action once, for server and client.
 * @throws {RangeError} when `name` is no name, `ttlMs` not above 0 or endless, `path` no path that starts with "/", or an own code
 *   no refusal
 */
export function defineAction<
  const Name extends string,
  Request,
  Response,
  const Refusal extends Exclude<ErrorCode, EveryActionsCode> = never,
  const Own extends string = never,
>(
  definition: Omit<ActionDefinition<Name, Request, Response>, 'method' | 'refusals' | 'errorCodes'> & {
    readonly refusals?: readonly Refusal[]
    /** Names of `ERROR_CODES` are taken. */
    readonly errorCodes?: { readonly [Code in Own]: Code extends ErrorCode ? never : ErrorCodeEntry }
  },
): ActionDefinition<Name, Request, Response, Refusal | Own> {
  checkDefinition(definition)
  return declareAction(definition)
}

/** As `defineAction`, unchecked: for the actions of this package, whose definitions its tests have checked. No page pays for that. */
export const declareAction: typeof defineAction = (definition) => ({ method: 'POST', refusals: [], errorCodes: {}, ...definition }) as never

/** Whether `action` says of itself that it can answer with `code`. Codes are open: an unknown one may come all the same. */
export function isCodeOf(action: AnyAction, code: string): boolean {
  const known: readonly string[] = [...LEDGER_CODES, ...action.refusals]
  return known.includes(code) || Object.hasOwn(action.errorCodes, code)
}

/** Whether an answer's body holds what a client uses of it. */
export function isAnswerOf(action: AnyAction, body: unknown): boolean {
  return check(action.responseSchema, body).issues === undefined
}

/** Reads `property` of an answer as one row of `table`; nothing when the answer has none. */
export function rowIn(response: unknown, property: string, table: string): { table: string; row: unknown }[] {
  if (typeof response !== 'object' || response === null) return []
  const row = (response as Record<string, unknown>)[property]
  return row === undefined || row === null ? [] : [{ table, row }]
}
