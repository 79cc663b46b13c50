import type { AnyAction } from '@org/contracts/client'
import type { MutationCallbacks, MutationPhase, MutationView, QueuedMutation, SubmitOptions } from '@org/sync-core'
import { Listeners } from './Listeners.js'

/** One recorded click: what was submitted, and with what. */
export interface FakeSubmission {
  id: string
  action: AnyAction
  request: unknown
  options: SubmitOptions
}

const SETTLED: readonly MutationPhase[] = ['success', 'partial', 'conflict', 'error', 'unknown']

/** The mutations of a fake client: they stand still until a test drives them. */
export class FakeQueue {
  readonly submissions: FakeSubmission[] = []
  readonly dismissed = new Set<string>()
  readonly listeners = new Listeners()
  /** Called after each change of a view. */
  onView: (view: MutationView) => void = () => {}
  readonly #views = new Map<string, MutationView>()
  readonly #callbacks = new Map<string, MutationCallbacks>()
  readonly #resolvers = new Map<string, (view: MutationView) => void>()
  #now: () => number
  #waitsFor: MutationView['waitsFor']
  #queue: readonly QueuedMutation[] | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  add(submission: Omit<FakeSubmission, 'id'>, phase: MutationPhase, callbacks: MutationCallbacks): MutationView {
    const id = `fake-mutation-${String(this.#views.size + 1).padStart(6, '0')}`
    const lanes = submission.action.lanes(submission.request)
    const view: MutationView = {
      id,
      actionName: submission.action.name,
      request: submission.request,
      lanes,
      phase,
      attempt: phase === 'queued' ? 0 : 1,
      maxAttempts: submission.options.maxAttempts ?? 5,
      nextRetryAt: null,
      submittedAt: this.#now(),
      waitsFor: this.#waitsFor,
      ambiguous: false,
      untried: false,
      unreadable: false,
      durability: 'disk',
      ownTab: true,
      progress: { processed: 0, total: lanes.length, failed: 0 },
      data: undefined,
      error: undefined,
      settled: false,
    }
    this.submissions.push({ id, ...submission })
    this.#callbacks.set(id, callbacks)
    this.#put(view)
    return view
  }

  get(id: string): MutationView | undefined {
    return this.#views.get(id)
  }

  actionOf(id: string): AnyAction | undefined {
    return this.submissions.find((submission) => submission.id === id)?.action
  }

  all(): MutationView[] {
    return [...this.#views.values()]
  }

  latestInLane(lane: string, actionName: string): MutationView | undefined {
    return this.all().findLast((view) => view.lanes.includes(lane) && view.actionName === actionName && !this.dismissed.has(view.id))
  }

  /** The pending mutation a click with this request joins. */
  pendingTwin(action: AnyAction, request: unknown): MutationView | undefined {
    const twin = this.latestInLane(action.lanes(request)[0] ?? '', action.name)
    return twin !== undefined && !twin.settled && JSON.stringify(twin.request) === JSON.stringify(request) ? twin : undefined
  }

  /** The callbacks are called in place of the first ones, as those of a tab that is gone. */
  adopt(id: string, callbacks: MutationCallbacks): () => void {
    const before = this.#callbacks.get(id)
    this.#callbacks.set(id, callbacks)
    return () => {
      if (this.#callbacks.get(id) === callbacks) this.#callbacks.set(id, before ?? {})
    }
  }

  /** Changes what a mutation shows; a settling phase tells its owner. */
  drive(id: string, fields: Partial<MutationView>): MutationView {
    const before = this.#views.get(id)
    if (before === undefined) throw new RangeError(`drive: there is no mutation "${id}"; click the button first`)
    const phase = fields.phase ?? before.phase
    const view = { ...before, ...fields, phase, settled: SETTLED.includes(phase) }
    this.#put(view)
    this.#tell(view, before)
    return view
  }

  /** What keeps anything from being sent from now on. */
  setWaitsFor(waitsFor: MutationView['waitsFor']): void {
    this.#waitsFor = waitsFor
    for (const view of this.all()) if (!view.settled) this.#put({ ...view, waitsFor })
  }

  dismiss(id: string): void {
    this.dismissed.add(id)
    this.#changed(this.#views.get(id))
  }

  remove(id: string): void {
    const view = this.#views.get(id)
    this.#views.delete(id)
    this.#changed(view)
  }

  settled(id: string): Promise<MutationView> {
    return new Promise((resolve) => this.#resolvers.set(id, resolve))
  }

  list(): readonly QueuedMutation[] {
    this.#queue ??= this.all()
      .filter((view) => view.phase !== 'success' && !this.dismissed.has(view.id))
      .map(toQueued)
    return this.#queue
  }

  #put(view: MutationView): void {
    this.#views.set(view.id, view)
    this.onView(view)
    this.#changed(view)
  }

  #changed(view: MutationView | undefined): void {
    this.#queue = undefined
    if (view === undefined) return
    for (const lane of view.lanes) this.listeners.call(`lane:${lane}`)
    this.listeners.call(`mutation:${view.id}`)
    this.listeners.call('queue')
  }

  #tell(view: MutationView, before: MutationView): void {
    const callbacks = this.#callbacks.get(view.id)
    if (view.phase === 'circuit-open' && before.phase !== 'circuit-open' && view.error) callbacks?.onError?.(view.error, view)
    if (!view.settled || before.settled) return
    if (view.phase === 'success' && !view.unreadable) callbacks?.onSuccess?.(view.data, view)
    else if (view.error) callbacks?.onError?.(view.error, view)
    callbacks?.onSettled?.(view)
    this.#resolvers.get(view.id)?.(view)
  }
}

const STATES: Partial<Record<MutationPhase, QueuedMutation['state']>> = {
  running: 'sending',
  checking: 'waiting',
  unknown: 'unknown',
  error: 'dead',
  conflict: 'dead',
  partial: 'dead',
}

function toQueued(view: MutationView): QueuedMutation {
  return {
    id: view.id,
    action: view.actionName,
    request: view.request,
    state: STATES[view.phase] ?? 'queued',
    attempts: view.attempt,
    createdAt: view.submittedAt,
    nextAttemptAt: view.nextRetryAt,
    ambiguous: view.ambiguous,
    lastError: view.error ? { code: view.error.code, message: view.error.message, at: view.submittedAt } : null,
    durability: view.durability,
  }
}
