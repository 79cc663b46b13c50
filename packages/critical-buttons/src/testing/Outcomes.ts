import { HEADERS } from '@org/contracts/client'
import { ERROR_CODES, errorBody } from '@org/contracts/testing'
import type { MutationView } from '@org/sync-core'
import { comeToRest, type FakeAnswer, type FakeFault, type SyncHarness } from '@org/sync-core/testing'
import type { PhaseSetting } from './PhaseSetting.js'

/** A refusal in a server's words. */
export interface Refusal {
  code: string
  /** For people. @default the contracts' text of that code */
  message?: string
  /** @default the contracts' status of that code, else 422 */
  status?: number
  /** More fields of the body, for example the row as it stands. */
  answer?: Readonly<Record<string, unknown>>
}

type Step = FakeAnswer | FakeFault | undefined

const RECORDED = { [HEADERS.idempotencyOutcome]: 'recorded' }
const BREAKER_OPEN_MS = 30_000
/** By steps of this much, and so many of them, it is waited for the next attempt. */
const WAIT_MS = 5_000
const MOST_WAITS = 24

/** What a server can make of a click that waits for its answer. */
export class Outcomes {
  readonly #world: SyncHarness

  constructor(world: SyncHarness) {
    this.#world = world
  }

  async succeed(id: string, body?: unknown): Promise<MutationView> {
    return this.#expect('success', await this.answer(id, body === undefined ? undefined : { status: 200, body, headers: RECORDED }))
  }

  fail(id: string, refusal: string | Refusal): Promise<MutationView> {
    return this.answer(id, refusalOf(typeof refusal === 'string' ? { code: refusal } : refusal))
  }

  async drive(id: string, setting: PhaseSetting): Promise<MutationView> {
    return this.#expect(setting.phase, await this.#bring(id, setting))
  }

  async #bring(id: string, setting: PhaseSetting): Promise<MutationView> {
    const { phase, answer = {}, code = 'EFFECT_REFUSED', attempt = 2 } = setting
    const { browser } = this.#world
    switch (phase) {
      case 'running':
        return this.#look(id)
      case 'queued':
        browser.setOnline(false)
        for (const key of this.#waiting(id)) this.#world.server.answer(key, 'network')
        return this.#look(id)
      case 'retrying':
        for (let tried = await this.#look(id); tried.attempt < attempt; tried = this.#view(id)) {
          await this.answer(id, refusalOf({ code: 'INTERNAL', answer }))
          await this.#wait(id)
        }
        return this.#view(id)
      case 'circuit-open':
        return this.answer(id, refusalOf({ code: 'CIRCUIT_BREAKER_OPEN', answer: { retryAfterMs: BREAKER_OPEN_MS, ...answer } }))
      case 'checking':
        return this.answer(id, { status: 202, body: { success: true, ...answer } })
      case 'unknown':
        return this.answer(id, { status: 202, body: { ...errorBody('OUTCOME_UNKNOWN'), ...answer } })
      case 'conflict':
        return this.answer(id, refusalOf({ code: 'VERSION_CONFLICT', answer }))
      case 'error':
        return this.answer(id, refusalOf({ code, answer }))
      case 'partial':
        return this.answer(id, { status: 207, body: { ...partialBody(), ...answer }, headers: RECORDED })
      case 'success':
        return this.answer(
          id,
          Object.keys(answer).length === 0 ? undefined : { status: 200, body: { success: true, ...answer }, headers: RECORDED },
        )
      default:
        return phase satisfies never
    }
  }

  /** Answers all of its requests that wait. */
  async answer(id: string, step: Step): Promise<MutationView> {
    await this.#wait(id)
    const keys = this.#waiting(id)
    const { phase } = this.#view(id)
    if (keys.length === 0)
      throw new Error(`The server cannot answer the click ${id}: it is "${phase}", and no request of it is on its way.`)
    for (const key of keys) this.#world.server.answer(key, step)
    return this.#look(id)
  }

  /** Until a request of it is on its way: the network comes back and time passes, if that is what it takes. */
  async #wait(id: string): Promise<void> {
    await comeToRest()
    if (this.#waiting(id).length > 0 || this.#view(id).settled) return
    this.#world.browser.setOnline(true)
    for (let waits = 0; waits < MOST_WAITS && this.#waiting(id).length === 0; waits++) await this.#world.advance(WAIT_MS)
  }

  async #look(id: string): Promise<MutationView> {
    await comeToRest()
    return this.#view(id)
  }

  #view(id: string): MutationView {
    const view = this.#world.client.getMutation(id)
    if (view === undefined) throw new RangeError(`There is no click "${id}"; click the button first.`)
    return view
  }

  /** The keys under which it waits: a large bulk's parts have keys of their own. */
  #waiting(id: string): string[] {
    return this.#world.server.heldKeys.filter((key) => key === id || key.startsWith(`${id}_`))
  }

  #expect(phase: PhaseSetting['phase'], view: MutationView): MutationView {
    if (view.phase === phase) return view
    const why = view.error === undefined ? '' : ` (${view.error.code}: ${view.error.message})`
    throw new Error(`The click of ${view.actionName} is "${view.phase}"${why}, not "${phase}". ${hintOf(phase)}`)
  }
}

function hintOf(phase: PhaseSetting['phase']): string {
  if (phase !== 'success') return 'It cannot come into that phase from where it was.'
  return 'The fake server carries out what its rows allow: give it those with `rows`, or the answer itself.'
}

function refusalOf({ code, message, status, answer }: Refusal): FakeAnswer {
  const known = Object.hasOwn(ERROR_CODES, code)
    ? errorBody(code as keyof typeof ERROR_CODES)
    : { success: false, error: code, code, retryable: false }
  const ofCode = (ERROR_CODES as Record<string, { status: number } | undefined>)[code]
  const said = message === undefined ? {} : { error: message }
  return { status: status ?? ofCode?.status ?? 422, body: { ...known, ...said, ...answer }, headers: RECORDED }
}

function partialBody() {
  const failures: readonly unknown[] = []
  return { success: false, updated: 2, failed: 1, unchanged: 0, message: '2 leads updated, 1 failed', leads: [], failures }
}
