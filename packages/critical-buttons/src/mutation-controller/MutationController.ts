import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts/client'
import { type ErrorOf, type MutationCallbacks, type MutationView, type Submitted, type SyncClient, sameRequest } from '@org/sync-core'
import { type Click, type ControllerSnapshot, IDLE_SNAPSHOT, type Moment, notReadyFor, phaseOf, snapshotOf } from './ControllerSnapshot.js'
import { followProgress } from './followProgress.js'
import { MutationFailure } from './MutationFailure.js'
import { type ControllerOptions, callbacksOf, type MutateOptions } from './MutationHandlers.js'
import { isSendingPhase } from './phase.js'
import { isRefusal, refusalOf } from './refusal.js'
import type { ShownPhase, ShownPhaseOptions } from './ShownPhase.js'

/** Makes what a shown phase lags by. A page without a button has no need of it. */
export type Lag = (options: ShownPhaseOptions) => ShownPhase

type View<A extends AnyAction> = MutationView<ResponseOf<A>>

/**
 * The state behind one button, without React: which mutation it looks at, and the moment of the last click. Everything
 * about sending is the client's.
 *
 * With a `lane` it shows the newest mutation of that lane, whoever submitted it; without one, the
 * mutation it submitted itself.
 */
export class MutationController<A extends AnyAction> {
  /** Set by the owner after each render; handlers always come from the latest. */
  optionsOf: () => ControllerOptions<A> = () => ({})
  /** The owner has been told that it is done: by its success, or that it was done already. */
  isDoneTold = false
  readonly #client: SyncClient
  readonly #action: A
  readonly #lane: string | undefined
  #listener: (() => void) | undefined
  #stops: (() => void)[] = []
  #ownId: string | undefined
  /** The lane's newest when a click joined one before it: that one is shown until the lane has something newer. */
  #passedOverId: string | undefined | null = null
  #hiddenId: string | undefined
  #moment: Moment<A> = {}
  /** Whose callbacks are offered here. */
  #adopted: { id: string; withdraw: () => void } | undefined
  #shownMoment: Moment<A> | undefined
  #snapshot = IDLE_SNAPSHOT as ControllerSnapshot<A>
  /** What it looks at; to be found anew once something was heard. */
  #found: View<A> | undefined
  #isFound = false
  readonly #shown: ShownPhase | undefined

  /** @param lag for a button: its `shown` phase does not flicker, and a success goes by itself */
  constructor(client: SyncClient, action: A, lane?: string, lag?: Lag) {
    this.#client = client
    this.#action = action
    this.#lane = lane
    this.#shown = lag?.({ onChange: () => this.#heard(), onEnd: () => this.dismiss() })
    // An old success is no news to someone who has just opened the page; what needs attention is.
    const found = this.#findView()
    if (found?.phase === 'success') this.#hiddenId = found.id
  }

  /** One listener at a time: a controller belongs to one component. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener
    this.#isFound = false
    this.#client.learn?.(this.#action)
    this.#watch()
    this.#pace()
    return () => {
      this.#listener = undefined
      this.#unwatch()
      this.#shown?.stop()
    }
  }

  getSnapshot = (): ControllerSnapshot<A> => {
    const view = this.#shownView()
    const notReady = notReadyFor(this.#client.getIdentity())
    const phase = phaseOf(this.#moment, view)
    const shown = this.#shown?.of(phase) ?? phase
    const last = this.#snapshot
    const isSame = view === last.view && notReady === last.notReady && shown === last.shown && this.#moment === this.#shownMoment
    if (!isSame) this.#snapshot = snapshotOf(this.#moment, notReady, view, shown)
    this.#shownMoment = this.#moment
    return this.#snapshot
  }

  /** True when a click with `request` must do nothing: one is being sent, or the same is not settled yet. */
  isLocked(request: RequestOf<A>, { queue }: MutateOptions<A> = {}): boolean {
    const view = this.#findView()
    if (view === undefined || view.settled) return false
    return (!queue && isSendingPhase(view.phase)) || sameRequest(view.request, request)
  }

  /** The click. Asks first when `confirm` says so; does nothing while locked. */
  mutate = (request: RequestOf<A>, options: MutateOptions<A> = {}): void => {
    if (this.#moment.question || this.isLocked(request, options)) return
    const click = { request, options }
    if (options.confirm ?? this.optionsOf().confirm) this.#show({ question: click })
    else this.#submit(click)
  }

  /** Goes on with a mutation of an earlier page load or of another tab, unless it looks at one of its own that is not over. */
  goOnWith = (id: string): void => {
    const view = this.#findView()
    if (id === this.#ownId || id === this.#hiddenId || (view && !view.settled)) return
    this.#follow(id)
    this.#heard()
  }

  /**
   * As `mutate` without asking, and joins what is already under way.
   * Resolves with the answer, undefined when it is done but its answer could not be read; both may take as long as
   * the person is offline.
   * @throws {MutationFailure} at any other ending, and when the click was refused at once
   */
  mutateAsync = async (request: RequestOf<A>, options: MutateOptions<A> = {}): Promise<ResponseOf<A> | undefined> => {
    const submitted = this.#submit({ request, options })
    if (submitted === undefined) throw new MutationFailure(this.#moment.refused?.error)
    const ended = await submitted.settled
    if (ended.phase === 'success') return ended.data
    throw new MutationFailure(ended.settled ? ended.error : undefined, ended)
  }

  /** Sends what is being asked about. `seenVersion` replaces the click's, when the record changed meanwhile. */
  confirm = (seenVersion?: number): void => {
    const { question } = this.#moment
    if (question === undefined) return
    // As a press handler it is handed an event.
    if (question.options.seenVersion !== undefined && typeof seenVersion === 'number') question.options.seenVersion = seenVersion
    this.#submit(question)
  }

  /** Closes the question, or takes a settled mutation off the screen. */
  dismiss = (): void => {
    const view = this.#findView()
    this.#passedOverId = null
    this.#isFound = false
    const { question, refused } = this.#moment
    // What stands behind a question or a refusal was not looked at.
    if (!question && !refused && view?.settled) {
      this.#client.dismiss(view.id)
      // A lane forgets it by itself; what is looked at by its key is still there.
      this.#hiddenId = view.id
    }
    this.#show({})
  }

  /** Tries now what waits, or starts over what failed; then the handlers are told its ending too. */
  retryNow = (): void => {
    const { refused } = this.#moment
    const view = this.#findView()
    if (refused?.click) this.#submit(refused.click)
    else if (view !== undefined) this.#retry(view)
  }

  /** Takes the click back: at once when it was never attempted, else by asking the server. */
  cancel = async (): Promise<'cancelled' | 'already-done' | 'unreachable'> => {
    const view = this.#findView()
    return view ? this.#client.cancel(view.id) : 'already-done'
  }

  /** Back to `idle` for this component alone; the mutation itself goes on. */
  reset = (): void => {
    this.#hiddenId = this.#findView()?.id
    this.#show({})
  }

  /** A click came while nobody was there to click for. */
  triedInVain(): void {
    if (notReadyFor(this.#client.getIdentity()) !== undefined) this.#show({ ...this.#moment, inVain: true })
  }

  #submit(click: Click<A>): Submitted<ResponseOf<A>> | undefined {
    const { request, options } = click
    const { seenVersion, again } = options
    const submitted = this.#unlessRefused(click, () => {
      const { maxAttempts, expiresAfterMs, onMutate } = this.optionsOf()
      onMutate?.(request)
      return this.#client.submit(this.#action, request, { maxAttempts, expiresAfterMs, seenVersion, again }, this.#callbacks(options))
    })
    if (submitted === undefined) return undefined
    this.#follow(submitted.id)
    // Settled right after the click: the same went out a moment ago and was not sent twice.
    this.#show({ repeated: this.#client.getMutation(submitted.id)?.phase === 'success' && submitted.id })
    return submitted
  }

  /**
   * What `take` hands over; undefined when that was refused, which is shown.
   * @param click undefined: one that had ended was to be tried again, and stands as it did
   * @throws what is no refusal but a defect, once whoever clicked can read that nothing was sent
   */
  #unlessRefused<Taken>(click: Click<A> | undefined, take: () => Taken): Taken | undefined {
    try {
      return take()
    } catch (thrown) {
      const error = refusalOf(thrown) as ErrorOf<A>
      this.#show({ refused: { click, error } })
      this.optionsOf().onError?.(error, undefined)
      if (isRefusal(thrown)) return undefined
      throw thrown
    }
  }

  #retry({ id, settled }: View<A>): void {
    // After a recorded refusal it is another mutation.
    const nextId = this.#unlessRefused(undefined, () => this.#client.retry(id))
    if (!settled || nextId === undefined) return
    this.#client.adopt?.(nextId, this.#callbacks() as MutationCallbacks)
    this.#follow(nextId)
    this.#show({})
  }

  #callbacks(click?: MutateOptions<A>): MutationCallbacks<ResponseOf<A>, ErrorOf<A>> {
    return callbacksOf(() => this.optionsOf(), click)
  }

  /** From now on this one is its own. */
  #follow(id: string): void {
    const newestId = this.#newest()?.id
    this.#ownId = id
    this.#passedOverId = newestId === id ? null : newestId
    this.#hiddenId = undefined
    this.#isFound = false
    followProgress(this.#client, id, (progress, view) => this.optionsOf().onProgress?.(progress, view as View<A>))
    if (this.#listener !== undefined) this.#watch()
  }

  #newest(): MutationView | undefined {
    return this.#lane === undefined ? undefined : this.#client.getLatestInLane(this.#lane, this.#action.name)
  }

  #findView(): View<A> | undefined {
    // Only who listens hears of every change.
    if (this.#isFound && this.#listener !== undefined) return this.#found
    const newest = this.#newest()
    const isOwn = this.#lane === undefined || newest?.id === this.#passedOverId
    const view = isOwn ? this.#ownId && this.#client.getMutation(this.#ownId) : newest
    // Cancelled in time: as if it had never been clicked.
    this.#found = !view || view.error?.code === 'CANCELLED' ? undefined : (view as View<A>)
    this.#isFound = true
    return this.#found
  }

  #watch(): void {
    this.#unwatch()
    const [client, lane, id] = [this.#client, this.#lane, this.#ownId]
    this.#stops.push(client.subscribeIdentity(this.#heard))
    if (lane !== undefined) this.#stops.push(client.subscribeLane(lane, this.#heard))
    else if (id !== undefined) this.#stops.push(client.subscribeMutation(id, this.#heard))
    this.#adopt()
  }

  #unwatch(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#release()
  }

  #show(moment: Moment<A>): void {
    this.#moment = moment
    this.#heard()
  }

  #heard = (): void => {
    this.#isFound = false
    // Another tab was faster with the same click: it is that mutation, which may have succeeded already.
    const own = this.#ownId ? this.#client.getMutation(this.#ownId) : undefined
    if (own && own.id !== this.#ownId) {
      this.#follow(own.id)
      this.#moment = { ...this.#moment, repeated: own.phase === 'success' && own.id }
    }
    this.#adopt()
    this.#pace()
    this.#listener?.()
  }

  // What is seen follows what is true; what there is more to say about stays.
  #pace(): void {
    if (this.#shown === undefined || this.#listener === undefined) return
    const { phase, repeated, view } = this.getSnapshot()
    this.#shown.follow(phase, repeated || view?.unreadable === true || this.#client.keepsSuccess === true)
  }

  #shownView(): View<A> | undefined {
    const found = this.#findView()
    return found?.id === this.#hiddenId ? undefined : found
  }

  /** An ending is told here, once a page, where its own tab may be gone, for example by a reload of this page. */
  #adopt(): void {
    const view = this.#findView()
    if (!this.#listener || !view || view.ownTab || this.#adopted?.id === view.id) return
    this.#release()
    const withdraw = this.#client.adopt?.(view.id, this.#callbacks() as MutationCallbacks)
    this.#adopted = withdraw && { id: view.id, withdraw }
  }

  #release(): void {
    this.#adopted?.withdraw()
    this.#adopted = undefined
  }
}
