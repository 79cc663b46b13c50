/** The stand-ins' fault plan, as PUT /_stand-ins/faults takes it. */
export interface FaultPlan {
  twilio: { mode: TwilioMode; status?: number; code?: number; latencyMs?: number; rate?: number; times?: number }
  realtime: { dropRate?: number; delayMs?: number; disconnect?: boolean; silent?: boolean }
}

export type TwilioMode = 'ok' | 'error' | 'rate-limited' | 'timeout' | 'lost-response' | 'bad-json' | 'refused'

/** What each mode does, in words for a person who wants to see it. */
export const TWILIO_MODES: readonly { mode: TwilioMode; label: string; effect: string }[] = [
  { mode: 'ok', label: 'Works', effect: 'Every SMS is accepted and delivered.' },
  { mode: 'lost-response', label: 'Answer lost', effect: 'The SMS is accepted, but the line is cut before the answer.' },
  { mode: 'error', label: 'Answers 503', effect: 'Nothing is accepted. Five of these open the circuit breaker.' },
  { mode: 'rate-limited', label: 'Rate limited', effect: 'Answers 429: too many requests.' },
  { mode: 'timeout', label: 'Never answers', effect: 'Nothing is accepted and no answer comes.' },
  { mode: 'bad-json', label: 'Garbled answer', effect: 'The SMS is accepted, but the answer is not readable.' },
  { mode: 'refused', label: 'Down', effect: 'Nobody listens on Twilio’s port.' },
]

const PATH = '/_stand-ins/faults'

export const WORKING: FaultPlan = { twilio: { mode: 'ok' }, realtime: {} }

/** What goes wrong at present. @throws {Error} when the stand-ins do not answer */
export async function readFaults(): Promise<FaultPlan> {
  return parse(await fetch(PATH))
}

/** Makes things go wrong. @throws {Error} when the stand-ins refuse */
export async function putFaults(plan: Partial<FaultPlan>): Promise<FaultPlan> {
  const headers = { 'Content-Type': 'application/json' }
  return parse(await fetch(PATH, { method: 'PUT', headers, body: JSON.stringify(plan) }))
}

/** Makes everything work again. @throws {Error} when the stand-ins do not answer */
export async function clearFaults(): Promise<FaultPlan> {
  const response = await fetch(PATH, { method: 'DELETE' })
  if (!response.ok) throw new Error(`The stand-ins answered ${response.status}`)
  return WORKING
}

async function parse(response: Response): Promise<FaultPlan> {
  if (!response.ok) throw new Error(`The stand-ins answered ${response.status}`)
  const plan = (await response.json()) as Partial<FaultPlan>
  // A cut happens once; sent back with the next change it would happen again.
  return { twilio: { ...WORKING.twilio, ...plan.twilio }, realtime: { ...plan.realtime, disconnect: false } }
}

/** How many faults are on; the panel's button shows it. Pure. */
export function activeFaults({ twilio, realtime }: FaultPlan): number {
  const realtimeFaults = [(realtime.dropRate ?? 0) > 0, (realtime.delayMs ?? 0) > 0, realtime.silent === true]
  return [twilio.mode !== 'ok', ...realtimeFaults].filter(Boolean).length
}
