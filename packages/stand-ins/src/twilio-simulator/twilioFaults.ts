import * as z from 'zod'
import { isKnownTwilioCode, TWILIO_REFUSALS } from './TwilioError.js'

/** What can go wrong with Twilio; see {@link TwilioFaults}. */
export const TWILIO_FAULT_MODES = ['ok', 'error', 'rate-limited', 'timeout', 'lost-response', 'bad-json', 'refused'] as const
export type TwilioFaultMode = (typeof TWILIO_FAULT_MODES)[number]

const LONGEST_LATENCY_MS = 10 * 60_000

/** The fault plan as it is written; everything is optional. */
export const twilioFaultsSchema = z.strictObject({
  mode: z.enum(TWILIO_FAULT_MODES).optional(),
  status: z.int().min(400).max(599).optional(),
  code: z.int().min(10_000).max(99_999).optional(),
  latencyMs: z.number().min(0).max(LONGEST_LATENCY_MS).optional(),
  rate: z.number().min(0).max(1).optional(),
  times: z.int().min(0).optional(),
  lostCallbacks: z.number().min(0).max(1).optional(),
})
export type TwilioFaultsInput = z.infer<typeof twilioFaultsSchema>

/**
 * Scripted failures of the Twilio simulator.
 *
 * | mode | accepted? | answer |
 * |---|---|---|
 * | `ok` | yes | 201 |
 * | `error` | no | `status` with Twilio's `code` |
 * | `rate-limited` | no | 429 with code 20429 |
 * | `timeout` | no | none; the connection stays open |
 * | `lost-response` | yes | none; the connection is cut. Creating only: listing works |
 * | `bad-json` | yes | 201 with a body cut in half |
 * | `refused` | no | the port is closed (`rate` and `times` cannot count calls that never arrive) |
 */
export interface TwilioFaults {
  mode: TwilioFaultMode
  /** Of mode `error`. @default what goes with `code`, else 503 */
  status: number
  /** Of mode `error`. @default what goes with `status`: 20003, 20404, 20429, 20503, else 20001 (4xx) or 20500 (5xx) */
  code: number
  /** Wait before the answer, in milliseconds; acceptance does not wait. @default 0 */
  latencyMs: number
  /** Share of calls hit, 0 to 1. @default 1 */
  rate: number
  /** Calls still to be hit; undefined means until cleared. */
  times: number | undefined
  /** Share of status callbacks that never arrive, 0 to 1, whatever the mode. @default 0 */
  lostCallbacks: number
}

/** Fills in the defaults. */
export function resolveTwilioFaults(input: TwilioFaultsInput = {}): TwilioFaults {
  const status = input.status ?? statusOf(input.code)
  return {
    mode: input.mode ?? 'ok',
    status,
    code: input.code ?? codeOf(status),
    latencyMs: input.latencyMs ?? 0,
    rate: input.rate ?? 1,
    times: input.times,
    lostCallbacks: input.lostCallbacks ?? 0,
  }
}

function statusOf(code: number | undefined): number {
  if (code === undefined) return 503
  return isKnownTwilioCode(code) ? TWILIO_REFUSALS[code].status : 400
}

function codeOf(status: number): number {
  if (status === 401) return 20003
  if (status === 404) return 20404
  if (status === 429) return 20429
  if (status < 500) return 20001
  return status === 503 ? 20503 : 20500
}

/** What a single call meets. */
export interface Hit {
  mode: Exclude<TwilioFaultMode, 'refused'>
  latencyMs: number
}

const UNHARMED: Hit = { mode: 'ok', latencyMs: 0 }

/**
 * Decides what one call meets, and what is left of the plan. Pure.
 * @param chance uniform in [0, 1)
 */
export function decideHit(plan: TwilioFaults, call: 'create' | 'read', chance: number): { hit: Hit; plan: TwilioFaults } {
  const untouched = { hit: UNHARMED, plan }
  if (plan.mode === 'refused') return untouched
  if (plan.mode === 'ok' && plan.latencyMs === 0) return untouched
  if (plan.mode === 'lost-response' && call === 'read') return untouched
  if (plan.times === 0 || chance >= plan.rate) return untouched
  const times = plan.times === undefined ? undefined : plan.times - 1
  return { hit: { mode: plan.mode, latencyMs: plan.latencyMs }, plan: { ...plan, times } }
}
