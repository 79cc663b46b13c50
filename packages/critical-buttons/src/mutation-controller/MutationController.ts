import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import type { MutationCallbacks, MutationError, MutationView, Submitted, SyncClient } from '@org/sync-core'
import { adoptOnce } from './adoption.js'
import { type ControllerSnapshot, IDLE_SNAPSHOT, keepSnapshot, notReadyFor } from './ControllerSnapshot.js'
import { followProgress } from './followProgress.js'
import { looksSame } from './looksSame.js'
import { MutationFailure } from './MutationFailure.js'
import { type ControllerOptions, callbacksOf, type MutateOptions, submitOptionsOf } from './MutationHandlers.js'
import { isSendingPhase } from './phase.js'
import { refusalOf } from './refusal.js'

interface Click<A extends AnyAction> {
  request: RequestOf<A>
  options: MutateOptions<A>
}

const NO_OPTIONS = () => ({})
const nothing = () => {}

type View<A extends AnyAction> = MutationView<ResponseOf<A>>

/**
 * The state behind one button, without React: which mutation it looks at, the open question and
 * the lock. Everything about sending is the client's.
 *
 * With a `lane` it shows the newest mutation of that lane, whoever submitted it; without one, the
 * mutation it submitted itself.
 */
export class MutationController<A extends AnyAction> {
  /** Set by the owner after each render; handlers always come from the latest. */
  optionsOf: () => ControllerOptions<A> = NO_OPTIONS
  readonly #client: SyncClient
  readonly #action: A
  readonly #lane: string | undefined
  #listener: (() => void) | undefined
  #stops: [() => void, () => void] | undefined
  #trackedId: string | undefined
  /** The lane's newest when a click joined one before it: that one is shown until the lane has something newer. */
  #passedOverId: string | undefined | null = null
  #hiddenId: string | undefined
  #question: Click<A> | undefined
  #refusal: (MutationError & { click: Click<A> }) | undefined
  #repeated = false
  #adoption: { id: string; withdraw: () => void } | undefined
  #snapshot = IDLE_SNAPSHOT as ControllerSnapshot<A>

  constructor(client: SyncClient, action: A, lane?: string) {
    this.#client = client
    this.#action = action
    this.#lane = lane
    // An old success is no news to someone who has just opened the page; what needs attention is.
    const found = this.#findView()
    if (found?.phase === 'success') this.#hiddenId = found.id
  }

  /** One listener at a time: a controller belongs to one component. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener
    this.#watch()
    return () => {
      this.#listener = undefined
      this.#unwatch()
    }
  }

  getSnapshot = (): ControllerSnapshot<A> => {
    const found = this.#findView()
    this.#snapshot = keepSnapshot(this.#snapshot, {
      view: found?.id === this.#hiddenId ? undefined : found,
      notReady: notReadyFor(this.#client.getIdentity()),
      confirming: this.#question?.request,
      refusal: this.#refusal,
      repeated: this.#repeated,
    })
    return this.#snapshot
  }

  /** True when a click with `request` must do nothing: one is being sent, or the same is not settled yet. */
  isLocked(request: RequestOf<A>, { queue }: MutateOptions<A> = {}): boolean {
    const view = this.#findView()
    if (view === undefined || view.settled) return false
    return (!queue && isSendingPhase(view.phase)) || looksSame(view.request, request)
  }

  /** The click. Asks first when `confirm` says so; does nothing while locked. */
  mutate(request: RequestOf<A>, options: MutateOptions<A> = {}): void {
    if (this.#question || this.isLocked(request, options)) return
    const click = { request, options }
    if (options.confirm ?? this.optionsOf().confirm) this.#show({ question: click })
    else this.#submit(click)
  }

  /** Goes on with a mutation of an earlier page load or of another tab, unless it looks at one of its own that is not over. */
  goOnWith(id: string): void {
    const view = this.#findView()
    if (id === this.#trackedId || id === this.#hiddenId || (view && !view.settled)) return
    this.#follow(id)
    this.#tellProgress(id)
    if (this.#listener !== undefined) this.#watch()
    this.#notify()
  }

  /**
   * As `mutate` without asking, and joins what is already under way.
   * Resolves with the answer, undefined when it is done but its answer could not be read; both may take as long as
   * the person is offline.
   * @throws {MutationFailure} at any other ending, and when the click was refused at once
   */
  async mutateAsync(request: RequestOf<A>, options: MutateOptions<A> = {}): Promise<ResponseOf<A> | undefined> {
    const submitted = this.#submit({ request, options })
    if (submitted === undefined) {
      const { click: _click, ...refusal } = this.#refusal as MutationError & { click: Click<A> }
      throw new MutationFailure(refusal)
    }
    const ended = await submitted.settled
    if (ended.phase === 'success') return ended.data
    throw new MutationFailure(ended.settled ? ended.error : undefined, ended)
  }

  /** Sends what is being asked about. `seenVersion` replaces the click's, when the record changed meanwhile. */
  confirm(seenVersion?: number): void {
    const question = this.#question
    if (question === undefined) return
    if (question.options.seenVersion !== undefined && seenVersion !== undefined) question.options.seenVersion = seenVersion
    this.#submit(question)
  }

  /** Closes the question, or takes a settled mutation off the screen. */
  dismiss(): void {
    const view = this.#findView()
    this.#passedOverId = null
    if (!this.#question && view?.settled) {
      this.#client.dismiss(view.id)
      // A lane forgets it by itself; what is looked at by its key is still there.
      this.#hiddenId = view.id
    }
    this.#show({})
  }

  /** Tries now what waits, or starts over what failed; then the handlers are told its ending too. */
  retryNow(): void {
    if (this.#refusal) {
      this.#submit(this.#refusal.click)
      return
    }
    const view = this.#findView()
    if (view === undefined) return
    this.#client.retry(view.id)
    if (!view.settled) return
    // After a recorded refusal this is a new mutation in the same lane.
    const id = this.#client.getLatestInLane(view.lanes[0] ?? '', view.actionName)?.id ?? view.id
    this.#client.adopt?.(id, this.#callbacks() as MutationCallbacks)
    this.#track(id)
  }

  /** Takes the click back: at once when it was never attempted, else by asking the server. */
  async cancel(): Promise<'cancelled' | 'already-done' | 'unreachable'> {
    const view = this.#findView()
    return view ? this.#client.cancel(view.id) : 'already-done'
  }

  /** Back to `idle` for this component alone; the mutation itself goes on. */
  reset(): void {
    this.#hiddenId = this.#findView()?.id
    this.#show({})
  }

  #submit(click: Click<A>): Submitted<ResponseOf<A>> | undefined {
    const { request, options } = click
    this.optionsOf().onMutate?.(request)
    try {
      const submitted = this.#client.submit(this.#action, request, submitOptionsOf(this.optionsOf(), options), this.#callbacks(options))
      // Settled right after the click: the same went out a moment ago and was not sent twice.
      this.#track(submitted.id, this.#client.getMutation(submitted.id)?.phase === 'success')
      return submitted
    } catch (error) {
      const refusal = refusalOf(error)
      this.#show({ refusal: { ...refusal, click } })
      this.optionsOf().onError?.(refusal, undefined)
      return undefined
    }
  }

  #callbacks(click?: MutateOptions<A>): MutationCallbacks<ResponseOf<A>> {
    return callbacksOf(() => this.optionsOf(), click)
  }

  #track(id: string, repeated = false): void {
    this.#follow(id)
    this.#hiddenId = undefined
    this.#tellProgress(id)
    this.#show({ repeated })
    if (this.#listener !== undefined) this.#watch()
  }

  #tellProgress(id: string): void {
    followProgress(this.#client, id, (progress, view) => this.optionsOf().onProgress?.(progress, view as View<A>))
  }

  #follow(id: string): void {
    const newestId = this.#newest()?.id
    this.#trackedId = id
    this.#passedOverId = newestId === id ? null : newestId
  }

  #newest(): MutationView | undefined {
    return this.#lane === undefined ? undefined : this.#client.getLatestInLane(this.#lane, this.#action.name)
  }

  // Each of these is true at most until the next click.
  #show({
    question,
    refusal,
    repeated = false,
  }: {
    question?: Click<A>
    refusal?: MutationError & { click: Click<A> }
    repeated?: boolean
  }): void {
    this.#question = question
    this.#refusal = refusal
    this.#repeated = repeated
    this.#notify()
  }

  #findView(): View<A> | undefined {
    const newest = this.#newest()
    const isOwn = this.#lane === undefined || newest?.id === this.#passedOverId
    const view = isOwn ? this.#trackedId && this.#client.getMutation(this.#trackedId) : newest
    // Cancelled in time: as if it had never been clicked.
    return !view || view.error?.code === 'CANCELLED' ? undefined : (view as View<A>)
  }

  #watch(): void {
    this.#unwatch()
    const client = this.#client
    const id = this.#trackedId
    const stopLooking =
      this.#lane !== undefined
        ? client.subscribeLane(this.#lane, this.#changed)
        : id === undefined
          ? nothing
          : client.subscribeMutation(id, this.#changed)
    this.#stops = [client.subscribeIdentity(this.#changed), stopLooking]
    this.#adopt()
  }

  #unwatch(): void {
    for (const stop of this.#stops ?? []) stop()
    this.#stops = undefined
    this.#adoption?.withdraw()
    this.#adoption = undefined
  }

  #changed = (): void => {
    // Another tab was faster with the same click: it is that mutation, which may have succeeded already.
    const own = this.#trackedId ? this.#client.getMutation(this.#trackedId) : undefined
    if (own && own.id !== this.#trackedId) {
      this.#follow(own.id)
      this.#repeated = own.phase === 'success'
    }
    this.#adopt()
    this.#notify()
  }

  // The tab that submitted it may be gone, for example by a reload of this page: then its ending is told here.
  #adopt(): void {
    const view = this.#findView()
    if (!view || view.ownTab || this.#adoption?.id === view.id) return
    this.#adoption?.withdraw()
    const withdraw = adoptOnce(this.#client, view.id, this.#callbacks() as MutationCallbacks)
    this.#adoption = withdraw && { id: view.id, withdraw }
  }

  #notify(): void {
    this.#listener?.()
  }
}
