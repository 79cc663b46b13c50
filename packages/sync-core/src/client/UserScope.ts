import { AnswerWatch } from '../dispatch/AnswerWatch.js'
import { Dispatcher } from '../dispatch/Dispatcher.js'
import { Outlook } from '../dispatch/Outlook.js'
import type { Attempted } from '../dispatch/Sender.js'
import { scopeName, type User } from '../identity/scopeName.js'
import type { UserApi } from '../identity/UserApi.js'
import { childIds } from '../mutation/bulkParent.js'
import { foldOverlay, patchesOf } from '../mutation/foldOverlay.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { hasEnded, isPending, isUnread, resultOf, toldAt } from '../mutation/mutationState.js'
import { seen } from '../mutation/transitions.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import { change } from '../queue/change.js'
import { leaveBehind, leaveNothing } from '../queue/forget.js'
import { OfflineQueue } from '../queue/OfflineQueue.js'
import type { Operation } from '../queue/Operation.js'
import { QUEUE_MESSAGES, type QueueMessage } from '../queue/queueMessages.js'
import type { RecordChange } from '../queue/Records.js'
import { inTime } from '../retry/inTime.js'
import type { Presence } from '../tabs/Presence.js'
import type { TabTalk } from '../tabs/TabTalk.js'
import { describeError } from '../telemetry/report.js'
import { createIntake, type Submit } from '../view/createIntake.js'
import { MutationControls } from '../view/MutationControls.js'
import { MutationViews } from '../view/MutationViews.js'
import { Teller } from '../view/Teller.js'
import type { ClientParts } from './ClientParts.js'

/** Everything that belongs to one signed-in user: queue, dispatcher, views, callbacks. Replaced as a whole when another signs in. */
export class UserScope {
  readonly user: User
  readonly name: string
  readonly queue: OfflineQueue
  readonly outlook: Outlook
  readonly controls: MutationControls
  readonly views: MutationViews
  readonly teller: Teller
  readonly dispatcher: Dispatcher
  readonly #answers: AnswerWatch
  readonly submit: Submit
  readonly #client: ClientParts
  /** For the user's other tabs this one lives until it stops ... */
  readonly #presence: Presence
  /** ... and tells them what it stores until that has come to an end. */
  readonly #talk: TabTalk<QueueMessage>
  #isClosed = false

  constructor(user: User, api: UserApi, client: ClientParts) {
    this.user = user
    this.name = scopeName(user)
    this.#client = client
    this.#presence = client.tabs.enter(this.name)
    this.#talk = client.tabs.talk(this.name, QUEUE_MESSAGES)
    this.queue = new OfflineQueue({
      ...client,
      ...user,
      scope: this.name,
      talk: this.#talk,
      presence: this.#presence,
      combineOf: (action) => client.findAction(action)?.combine,
      onChange: (changes) => this.#changed(changes),
      onStanding: () => client.status.allChanged(),
    })
    this.outlook = new Outlook({ ...client, parallel: client.limits.parallel })
    const parts = { ...client, api, presence: this.#presence, queue: this.queue, outlook: this.outlook }
    this.controls = new MutationControls(parts)
    this.views = new MutationViews(parts)
    this.teller = new Teller({ ...parts, views: this.views })
    this.submit = createIntake({ user, parts: client, queue: this.queue, views: this.views, teller: this.teller })
    this.dispatcher = new Dispatcher({
      ...parts,
      isShown: (record) => this.#isShown(record),
      mayTell: (record) => this.teller.mayTell(record),
      onAttempted: (attempted) => this.#attempted(attempted),
    })
    this.#answers = new AnswerWatch({ ...parts, hasten: (id) => this.dispatcher.hasten([id]) })
  }

  /** Tries now what waits, or starts over what ended badly. */
  retry(anyId: string): void {
    const id = this.views.resolve(anyId)
    const record = this.queue.records.get(id)
    if (record === undefined) return
    if (isPending(record)) this.dispatcher.hasten([id, ...childIds(record)])
    else if (record.state === 'unknown') void this.controls.revive(record)
    else if (resultOf(record)?.outcome !== 'success') this.#startOver(record)
  }

  /** A committed row names a mutation as its author. */
  echoed(id: string, source: 'realtime' | 'catch-up'): void {
    const record = this.queue.records.get(id)
    if (record === undefined) return
    this.#client.loopTimes.echoed(id, record.action, source)
    this.#answers.rowSeen(record)
  }

  /** Its clicks, met before that, are shown and sent as others are. */
  understand(actionName: string): void {
    const { store, findAction, status } = this.#client
    for (const after of this.queue.records.all()) {
      if (after.action === actionName) foldOverlay({ before: undefined, after }, store, findAction)
    }
    status.allChanged()
    this.dispatcher.wake()
  }

  /** What the platform says about page and network. */
  hear(event: ConnectivityEvent): void {
    this.outlook.hear(event)
    if (event === 'visible') void this.queue.load().catch(() => undefined)
    this.dispatcher.wake()
  }

  /** Closes at once; what is under way is taken up by whoever comes next. */
  close(): void {
    void this.#stop()
    this.#free()
  }

  /**
   * The user has left: what is settled is deleted, now and once what is still on the network has been answered.
   * @param isGone false: the same user is back meanwhile, and sees what becomes of it
   * @returns how many clicks wait for their user to come back
   */
  async leave(isGone: () => boolean): Promise<number> {
    const quiet = this.#stop()
    await this.#forget(leaveBehind())
    const kept = [...this.queue.records.unfinished()].filter(
      ({ id, parentId }) => parentId === undefined && this.queue.durabilityOf(id) === 'disk',
    )
    void quiet.then(async () => {
      if (isGone()) await this.#forget(leaveBehind())
      this.#free()
    })
    return kept.length
  }

  /**
   * Takes back every click, asking the server about each that may have arrived, and deletes all there is.
   * @returns how many of them nobody here knows the fate of
   */
  async giveUpAll(timeoutMs: number): Promise<number> {
    void this.dispatcher.stop()
    const ids = this.views.list().map(({ id }) => id)
    const asked = Promise.all(ids.map((id) => this.controls.discard(id)))
    await inTime(asked, this.#client.clock, timeoutMs).catch(() => undefined)
    const left = ids.map((id) => this.queue.records.get(id)).filter((record) => record !== undefined)
    const unknownFate = left.filter((record) => (resultOf(record)?.outcome ?? 'unknown') === 'unknown').length
    await this.#forget(leaveNothing())
    return unknownFate
  }

  /** A new mutation with a new key and the row's present version, as a person asked. */
  #startOver(record: MutationRecord): void {
    const { findAction, store } = this.#client
    const action = findAction(record.action)
    const result = resultOf(record)
    const request = result === undefined || !action?.remaining ? record.request : action.remaining(record.request, result.body)
    if (action === undefined || request === undefined) return
    const [patch] = patchesOf(record, action)
    const version = patch && store.getRow(patch.table, patch.id)?.base?.version
    const { expiresAfterMs, maxAttempts, seenVersion } = record
    void this.controls.dismiss(record.id)
    this.submit(action, request, {
      maxAttempts,
      expiresAfterMs,
      seenVersion: seenVersion === undefined ? undefined : (version ?? seenVersion),
    })
  }

  #stop(): Promise<void> {
    this.#isClosed = true
    this.teller.close()
    this.#presence.leave()
    return this.dispatcher.stop()
  }

  #free(): void {
    this.queue.close()
    this.#talk.close()
  }

  #forget(operation: Operation<void>): Promise<void> {
    return this.queue.run(operation).catch((error) => {
      this.#client.report('STORAGE_REFUSED', { what: 'left-behind', error: describeError(error) })
    })
  }

  /** Shows what changed, tells whoever waits for an ending, and lets the dispatcher look. */
  #changed(changes: readonly RecordChange[]): void {
    if (this.#isClosed) return
    const { store, findAction } = this.#client
    for (const change of changes) foldOverlay(change, store, findAction)
    const shown = changes.filter(isVisible)
    if (shown.length > 0) this.#tell(shown)
    this.dispatcher.noteChanges(changes)
  }

  #tell(changes: readonly RecordChange[]): void {
    const { listeners, status } = this.#client
    for (const { before, after } of changes) this.views.changed((after ?? before)!)
    const heard = changes.flatMap(({ before, after }) => this.#keysOf((after ?? before)!))
    for (const key of new Set(heard)) listeners.run(key)
    for (const change of changes) this.#noteEnd(change)
    status.queueChanged()
  }

  /** Whom a change of this mutation concerns: of a part of a bulk mutation, whoever shows the whole. */
  #keysOf(record: MutationRecord): string[] {
    const shown = record.parentId === undefined ? record : this.queue.records.get(record.parentId)
    return [`mutation:${record.parentId ?? record.id}`, ...(shown?.lanes ?? []).map((lane) => `lane:${lane}`)]
  }

  #noteEnd({ before, after }: RecordChange): void {
    if (after === undefined) return
    const { needAction, tabId, loopTimes, clock } = this.#client
    if (before === undefined && !hasEnded(after)) needAction(after.action)
    if (isPending(after) || after.parentId !== undefined) return
    const isNews = before === undefined || isPending(before)
    if (isNews && after.state === 'settled' && after.origin.tabId === tabId) loopTimes.settled(after)
    this.teller.noteEnd(after)
    // A mounted button in this tab shows the refusal, so it is no dead letter that waits for someone to look.
    if (after.state !== 'dead' || before?.state === 'dead' || !this.#isShown(after)) return
    const look = (current: MutationRecord) => (current.state === 'dead' ? seen(current) : undefined)
    void this.queue.run(change(after, look, { now: clock.now() }))
  }

  #attempted(attempted: Attempted): void {
    if (this.#isClosed) return
    const { record, acknowledged } = attempted
    const { outcome, decision } = attempted.verdict
    const { realtime, status } = this.#client
    this.#answers.attempted(attempted)
    // What was not written down changed the belief in the network alone.
    if (attempted.concernsOthers || !acknowledged.applied) status.allChanged()
    if (!acknowledged.applied) return
    if (outcome.kind === 'success' || outcome.kind === 'partial') realtime.nudge()
    if (decision.next === 'settle' && isUnread(decision.result)) realtime.refreshAuth()
    const ended = record.parentId === undefined ? acknowledged.record : acknowledged.parent
    if (ended !== undefined && toldAt(ended) !== undefined) this.teller.tell(ended.id)
    if (outcome.kind === 'pause' && outcome.code === 'CIRCUIT_BREAKER_OPEN') void this.teller.tellCircuit(record.action)
    const wasAbandoned = decision.next === 'settle' && decision.result.code === 'ACTION_ABANDONED'
    if (record.resolving === 'retry' && wasAbandoned && record.parentId === undefined) this.#startOver(acknowledged.record ?? record)
  }

  #isShown(record: MutationRecord): boolean {
    const { listeners, findAction } = this.#client
    if (listeners.has(`mutation:${record.parentId ?? record.id}`)) return true
    // In a lane of a bulk mutation, a button of one row is looking, which shows none of it.
    const action = findAction(record.action)
    return action !== undefined && !action.split && record.lanes.some((lane) => listeners.has(`lane:${lane}`))
  }
}

/** A click that has found its place in storage looks as it did before. */
function isVisible({ before, after }: RecordChange): boolean {
  return before?.seq !== null || after === undefined || after.state !== before.state
}
