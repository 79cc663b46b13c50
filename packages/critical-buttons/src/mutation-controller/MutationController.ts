import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts'
import type { MutationError, MutationView, Submitted, SyncClient } from '@org/sync-core'
import { followProgress } from './followProgress.js'
import type { ControllerOptions, MutationHandlers } from './MutationHandlers.js'
import { type ButtonPhase, isActivePhase } from './phase.js'
import { refusalOf } from './refusal.js'
import { sameRequest } from './sameRequest.js'

/** What a component renders from. Keeps its identity until something in it changed. */
export interface ControllerSnapshot<A extends AnyAction> {
  readonly phase: ButtonPhase
  /** False until it is known who is signed in. */
  readonly ready: boolean
  readonly view: MutationView<ResponseOf<A>> | undefined
  /** The request a person is being asked about. */
  readonly confirming: RequestOf<A> | undefined
  /** Why the last click was refused before it became a mutation. */
  readonly refusal: MutationError | undefined
  /** True when the last click repeated one that had just succeeded, so nothing was sent. */
  readonly repeated: boolean
}

/** The snapshot of a server rendering and of the first client rendering after it. */
export const IDLE_SNAPSHOT: ControllerSnapshot<AnyAction> = {
  phase: 'idle',
  ready: false,
  view: undefined,
  confirming: undefined,
  refusal: undefined,
  repeated: false,
}

/** One click's own settings. */
export interface MutateOptions<A extends AnyAction> extends Pick<MutationHandlers<A>, 'onSuccess' | 'onError' | 'onSettled'> {
  /** Overrules the controller's `confirm` for this click. */
  confirm?: boolean
  /** The version of the row the person saw. */
  seenVersion?: number | undefined
  /** Meant once more, though the same has just succeeded. */
  again?: boolean | undefined
}

interface Click<A extends AnyAction> {
  request: RequestOf<A>
  options: MutateOptions<A>
}

/**
 * The state behind one button, without React: which mutation it looks at, the open question and
 * the lock. Everything about sending is the client's.
 *
 * With a `lane` it shows the newest mutation of that lane, whoever submitted it; without one, the
 * mutation it submitted itself.
 */
export class MutationController<A extends AnyAction> {
  /** Set by the owner after each render; handlers always come from the latest. */
  options: ControllerOptions<A> = {}
  readonly #client: SyncClient
  readonly #action: A
  readonly #lane: string | undefined
  readonly #listeners = new Set<() => void>()
  #trackedId: string | undefined
  #hiddenId: string | undefined
  #question: Click<A> | undefined
  #refusal: MutationError | undefined
  #repeated = false
  #unsubscribe: (() => void)[] = []
  #snapshot: ControllerSnapshot<A> = IDLE_SNAPSHOT as ControllerSnapshot<A>

  constructor(client: SyncClient, action: A, lane?: string) {
    this.#client = client
    this.#action = action
    this.#lane = lane
    // An old success is no news to someone who has just opened the page; what needs attention is.
    const found = this.#findView()
    if (found?.phase === 'success') this.#hiddenId = found.id
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#watch()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#unwatch()
    }
  }

  getSnapshot = (): ControllerSnapshot<A> => {
    const found = this.#findView()
    const view = found?.id === this.#hiddenId ? undefined : found
    const ready = this.#client.getIdentity().state === 'signed-in'
    const confirming = this.#question?.request
    const last = this.#snapshot
    const unchanged =
      last.view === view &&
      last.ready === ready &&
      last.confirming === confirming &&
      last.refusal === this.#refusal &&
      last.repeated === this.#repeated
    if (unchanged) return last
    const phase = this.#phaseOf(view)
    this.#snapshot = { phase, ready, view, confirming, refusal: this.#refusal, repeated: this.#repeated }
    return this.#snapshot
  }

  /** True when a click with `request` must do nothing: one is under way, or the same already waits its turn. */
  isLocked(request: RequestOf<A>): boolean {
    const view = this.#findView()
    if (view === undefined || view.settled) return false
    return isActivePhase(view.phase) || sameRequest(view.request, request)
  }

  /** The click. Asks first when `confirm` says so; does nothing while locked. */
  mutate = (request: RequestOf<A>, options: MutateOptions<A> = {}): void => {
    if (this.#question !== undefined || this.isLocked(request)) return
    if (options.confirm ?? this.options.confirm) this.#ask({ request, options })
    else this.#submit({ request, options })
  }

  /**
   * As `mutate` without asking, and joins what is already under way.
   * Resolves with the answer, rejects with the error; both may take as long as the person is offline.
   */
  mutateAsync = async (request: RequestOf<A>, options: MutateOptions<A> = {}): Promise<ResponseOf<A>> => {
    const settled = await this.#submit({ request, options })?.settled
    if (settled?.phase === 'success') return settled.data as ResponseOf<A>
    throw settled?.error ?? this.#refusal
  }

  /** Sends what is being asked about. `seenVersion` replaces the click's, when the record changed meanwhile. */
  confirm = (seenVersion?: number): void => {
    const question = this.#question
    if (question === undefined) return
    this.#question = undefined
    this.#submit(seenVersion === undefined ? question : { ...question, options: { ...question.options, seenVersion } })
  }

  /** Closes the question, or takes a settled mutation off the screen. */
  dismiss = (): void => {
    const asked = this.#question !== undefined
    this.#clear()
    const view = this.#findView()
    if (!asked && view?.settled) this.#client.dismiss(view.id)
    this.#notify()
  }

  /** Tries now what waits, or starts over what failed. */
  retryNow = (): void => {
    const view = this.#findView()
    if (view !== undefined) this.#client.retry(view.id)
  }

  /** Takes the click back: at once when it was never attempted, else by asking the server. */
  cancel = async (): Promise<'cancelled' | 'already-done' | 'unreachable'> => {
    const view = this.#findView()
    return view === undefined ? 'already-done' : this.#client.cancel(view.id)
  }

  /** Back to `idle` for this component alone; the mutation itself goes on. */
  reset = (): void => {
    this.#clear()
    this.#hiddenId = this.#findView()?.id
    this.#notify()
  }

  #ask(question: Click<A>): void {
    this.#clear()
    this.#question = question
    this.#notify()
  }

  #submit({ request, options }: Click<A>): Submitted<ResponseOf<A>> | undefined {
    this.#clear()
    this.options.onMutate?.(request)
    try {
      const submitted = this.#client.submit(this.#action, request, this.#submitOptions(options), this.#callbacks(options))
      this.#track(submitted.id)
      return submitted
    } catch (error) {
      this.#refuse(refusalOf(error))
      return undefined
    }
  }

  #submitOptions({ seenVersion, again }: MutateOptions<A>) {
    const { maxAttempts, expiresAfterMs } = this.options
    return {
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
      ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
      ...(seenVersion === undefined ? {} : { seenVersion }),
      ...(again ? { again } : {}),
    }
  }

  #callbacks(click: MutateOptions<A>) {
    return {
      onSuccess: (data: ResponseOf<A>, view: MutationView<ResponseOf<A>>) => {
        this.options.onSuccess?.(data, view)
        click.onSuccess?.(data, view)
      },
      onError: (error: MutationError, view: MutationView<ResponseOf<A>>) => {
        this.options.onError?.(error, view)
        click.onError?.(error, view)
      },
      onSettled: (view: MutationView<ResponseOf<A>>) => {
        this.options.onSettled?.(view)
        click.onSettled?.(view)
      },
    }
  }

  #track(id: string): void {
    this.#trackedId = id
    this.#hiddenId = undefined
    // Settled right after the click: the same went out a moment ago and was not sent twice.
    this.#repeated = this.#client.getMutation(id)?.phase === 'success'
    followProgress(this.#client, id, (progress, view) => this.options.onProgress?.(progress, view as MutationView<ResponseOf<A>>))
    this.#rewatch()
    this.#notify()
  }

  #refuse(refusal: MutationError): void {
    this.#refusal = refusal
    this.#notify()
    this.options.onError?.(refusal, undefined)
  }

  #clear(): void {
    this.#question = undefined
    this.#refusal = undefined
    this.#repeated = false
  }

  #findView(): MutationView<ResponseOf<A>> | undefined {
    if (this.#lane !== undefined)
      return this.#client.getLatestInLane(this.#lane, this.#action.name) as MutationView<ResponseOf<A>> | undefined
    if (this.#trackedId === undefined) return undefined
    return this.#client.getMutation(this.#trackedId) as MutationView<ResponseOf<A>> | undefined
  }

  #phaseOf(view: MutationView | undefined): ButtonPhase {
    if (this.#question !== undefined) return 'confirming'
    if (this.#refusal !== undefined) return 'error'
    return view?.phase ?? 'idle'
  }

  #watch(): void {
    this.#unsubscribe.push(this.#client.subscribeIdentity(this.#notify))
    if (this.#lane !== undefined) this.#unsubscribe.push(this.#client.subscribeLane(this.#lane, this.#notify))
    else if (this.#trackedId !== undefined) this.#unsubscribe.push(this.#client.subscribeMutation(this.#trackedId, this.#notify))
  }

  #unwatch(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
  }

  #rewatch(): void {
    if (this.#lane !== undefined || this.#listeners.size === 0) return
    this.#unwatch()
    this.#watch()
  }

  #notify = (): void => {
    for (const listener of this.#listeners) listener()
  }
}
