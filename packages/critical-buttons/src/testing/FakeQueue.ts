import type { AnyAction } from '@org/contracts/client'
import type { MutationCallbacks, MutationError, MutationPhase, MutationView, QueuedMutation, SubmitOptions } from '@org/sync-core'
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
  /** Of every click that became or joined a mutation. */
  readonly #callbacks = new Map<string, Set<MutationCallbacks>>()
  readonly #resolvers = new Map<string, ((view: MutationView) => void)[]>()
  #now: () => number
  #waitsFor: MutationView['waitsFor']
  #queue: readonly QueuedMutation[] | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  add(submission: Omit<FakeSubmission, 'id'>, phase: MutationPhase): MutationView {
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

  /** Another click has joined it, and is told its ending too. */
  listen(id: string, callbacks: MutationCallbacks): () => void {
    const present = this.#callbacks.get(id) ?? new Set()
    this.#callbacks.set(id, present.add(callbacks))
    return () => {
      present.delete(callbacks)
      if (present.size === 0) this.#callbacks.delete(id)
    }
  }

  /** As `listen`, for a mutation that nobody here has callbacks for; undefined where somebody has. */
  adopt(id: string, callbacks: MutationCallbacks): (() => void) | undefined {
    return this.#callbacks.has(id) ? undefined : this.listen(id, callbacks)
  }

  /** Changes what a mutation shows; a settling phase tells its owner. */
  drive(id: string, fields: Partial<MutationView>): MutationView {
    const before = this.#views.get(id)
    if (before === undefined) throw new RangeError(`drive: there is no mutation "${id}"; click the button first`)
    const phase = fields.phase ?? before.phase
    const settled = SETTLED.includes(phase)
    const view: MutationView = { ...before, ...(settled ? endingOf(phase, before, fields.error) : {}), ...fields, phase, settled }
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

  /** Takes it back: an ending that is shown nowhere. */
  cancel(id: string): void {
    this.dismissed.add(id)
    this.drive(id, { phase: 'error', error: { code: 'CANCELLED', message: 'Cancelled', willRetry: false } })
  }

  settled(id: string): Promise<MutationView> {
    return new Promise((resolve) => this.#resolvers.set(id, [...(this.#resolvers.get(id) ?? []), resolve]))
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
    const callbacks = [...(this.#callbacks.get(view.id) ?? [])]
    const { error } = view
    if (view.phase === 'circuit-open' && before.phase !== 'circuit-open' && error) for (const told of callbacks) told.onError?.(error, view)
    if (!view.settled || before.settled) return
    for (const told of callbacks) {
      if (view.phase === 'success' && !view.unreadable) told.onSuccess?.(view.data, view)
      else if (error && error.code !== 'CANCELLED') told.onError?.(error, view)
      told.onSettled?.(view)
    }
    for (const resolve of this.#resolvers.get(view.id) ?? []) resolve(view)
  }
}

/** What an ending says by itself: how far it came, and that nothing is planned any more. */
function endingOf(phase: MutationPhase, { progress: { total } }: MutationView, error: MutationError | undefined): Partial<MutationView> {
  const taken = error?.code === 'CANCELLED' ? 0 : total
  const failed = phase === 'success' ? 0 : (error?.failed ?? taken)
  return { nextRetryAt: null, waitsFor: undefined, progress: { processed: taken, total, failed } }
}

const STATES: Partial<Record<MutationPhase, QueuedMutation['state']>> = {
  running: 'sending',
  checking: 'waiting',
  unknown: 'unknown',
  error: 'dead',
  conflict: 'dead',
  partial: 'dead',
}

function stateOf({ phase, nextRetryAt }: MutationView): QueuedMutation['state'] {
  const isOnItsWay = phase === 'retrying' && nextRetryAt === null
  return isOnItsWay ? 'sending' : (STATES[phase] ?? 'queued')
}

function toQueued(view: MutationView): QueuedMutation {
  return {
    id: view.id,
    action: view.actionName,
    request: view.request,
    state: stateOf(view),
    attempts: view.attempt,
    createdAt: view.submittedAt,
    nextAttemptAt: view.nextRetryAt,
    ambiguous: view.ambiguous,
    lastError: view.error ? { code: view.error.code, message: view.error.message, at: view.submittedAt } : null,
    durability: view.durability,
  }
}
