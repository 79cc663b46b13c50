import type { AnyAction } from '@org/contracts/client'
import { AnswerWatch } from '../dispatch/AnswerWatch.js'
import { Dispatcher } from '../dispatch/Dispatcher.js'
import { Outlook } from '../dispatch/Outlook.js'
import type { Attempted } from '../dispatch/Sender.js'
import { scopeName, type User } from '../identity/scopeName.js'
import type { UserApi } from '../identity/UserApi.js'
import { foldOverlay, patchesOf } from '../mutation/foldOverlay.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { hasEnded, isPending, isUnread, resultOf, toldAt } from '../mutation/mutationState.js'
import { seen } from '../mutation/transitions.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import { change } from '../queue/change.js'
import { leaveBehind, leaveNothing } from '../queue/forget.js'
import { OfflineQueue } from '../queue/OfflineQueue.js'
import { QUEUE_MESSAGES } from '../queue/queueMessages.js'
import type { RecordChange } from '../queue/Records.js'
import { inTime } from '../retry/inTime.js'
import type { MutationCallbacks } from '../SyncClient.js'
import type { TabGroup } from '../tabs/Tabs.js'
import { describeError } from '../telemetry/report.js'
import { createIntake, type Submit } from '../view/createIntake.js'
import { MutationControls } from '../view/MutationControls.js'
import { MutationViews } from '../view/MutationViews.js'
import { Teller } from '../view/Teller.js'
import type { ScopeParts } from './ClientParts.js'

/** Everything that belongs to one signed-in user: queue, dispatcher, views, callbacks. Replaced as a whole when another signs in. */
export class UserScope {
  readonly name: string
  readonly views: MutationViews
  readonly dispatcher: Dispatcher
  readonly controls: MutationControls
  readonly queue: OfflineQueue
  readonly answers: AnswerWatch
  readonly submit: Submit
  readonly #parts: ScopeParts
  readonly #teller: Teller
  readonly outlook: Outlook
  /** Among these this tab lives until it stops ... */
  readonly #tabs: TabGroup
  /** ... and tells them what it stores until that has come to an end. */
  readonly #told: TabGroup
  #isClosed = false
  #wasOffline: boolean

  /** Opens the user's queue; in memory when the browser gives no storage, or none that can be read. */
  static async open(user: User, api: UserApi, parts: ScopeParts): Promise<UserScope> {
    const scope = new UserScope(user, api, parts)
    await scope.queue.load()
    return scope
  }

  private constructor(user: User, api: UserApi, parts: ScopeParts) {
    this.name = scopeName(user)
    this.#parts = parts
    this.#tabs = parts.tabs.join(this.name)
    this.#told = parts.tabs.join(this.name)
    const { presence } = this.#tabs
    this.queue = new OfflineQueue({
      ...parts,
      ...user,
      scope: this.name,
      talk: this.#told.talk(QUEUE_MESSAGES),
      combineOf: (action) => parts.findAction(action)?.combine,
      onChange: (changes) => this.#changed(changes),
      onDurability: () => this.contextChanged(),
    })
    this.outlook = new Outlook({ ...parts, parallel: parts.limits.parallel })
    this.#wasOffline = this.outlook.isOffline
    const common = { ...parts, api, queue: this.queue }
    this.controls = new MutationControls(common)
    this.views = new MutationViews({
      ...common,
      isOnline: () => !this.outlook.isOffline,
      heldBy: () => (api.maySend() === 'yes' ? null : (api.reason() ?? 'asking')),
      circuitUntil: (action) => this.outlook.circuitUntil(action),
    })
    this.#teller = new Teller({ ...common, views: this.views, presence })
    this.submit = createIntake({ user, parts, queue: this.queue, views: this.views, teller: this.#teller })
    this.dispatcher = new Dispatcher({
      ...common,
      outlook: this.outlook,
      presence,
      isShown: (record) => this.#isShown(record),
      mayTell: (record) => this.#teller.mayTell(record),
      onAttempted: (attempted) => this.#attempted(attempted),
    })
    this.answers = new AnswerWatch({ ...common, hasten: (id) => this.dispatcher.hasten([id]) })
  }

  adopt(id: string, callbacks: MutationCallbacks): (() => void) | undefined {
    return this.#teller.adopt(this.views.resolve(id), callbacks)
  }

  /** Tries now what waits, or starts over what ended badly. */
  retry(anyId: string): void {
    const id = this.views.resolve(anyId)
    const record = this.queue.records.get(id)
    if (record === undefined) return
    if (isPending(record)) this.dispatcher.hasten([id, ...this.#childrenOf(id)])
    else if (record.state === 'unknown') void this.controls.revive(record)
    else if (resultOf(record)?.outcome !== 'success') this.startOver(record)
  }

  /** A new mutation with a new key and the row's present version, as a person asked. */
  startOver(record: MutationRecord): void {
    const action = this.#parts.findAction(record.action)
    if (action === undefined) return
    const { expiresAfterMs, maxAttempts } = record
    const result = resultOf(record)
    const request = result === undefined || !action.remaining ? record.request : action.remaining(record.request, result.body)
    if (request === undefined) return
    const seen = record.seenVersion === undefined ? undefined : (this.#versionNow(action, record) ?? record.seenVersion)
    void this.controls.dismiss(record.id)
    this.submit(action, request, { maxAttempts, expiresAfterMs, seenVersion: seen })
  }

  /** What the platform says about page and network. */
  hear(event: ConnectivityEvent): void {
    this.outlook.hear(event)
    if (event === 'visible') void this.queue.load().catch(() => undefined)
    if (event === 'online' || event === 'offline') this.contextChanged()
    this.dispatcher.wake()
  }

  /** What is known of who is here changed, and it is still this user. */
  identityChanged(): void {
    this.contextChanged()
    this.dispatcher.leaveChanged()
  }

  /** Connectivity or a pause changed what is shown of all unfinished mutations. */
  contextChanged(): void {
    this.#wasOffline = this.outlook.isOffline
    this.views.contextChanged()
    for (const record of this.queue.records.unfinished()) this.#notify(record)
    this.#parts.listeners.run('queue')
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
    await this.queue.run(leaveBehind()).catch((error) => this.#reportLeft(error))
    const { pending, unknown } = this.queue.records.clicks
    const waits = pending + unknown
    void quiet.then(() => this.#leaveForGood(isGone))
    return waits
  }

  /**
   * Takes back every click, asking the server about each that may have arrived, and deletes all there is.
   * @returns how many of them nobody here knows the fate of
   */
  async giveUpAll(timeoutMs: number): Promise<number> {
    void this.dispatcher.stop()
    const ids = this.views.list().map(({ id }) => id)
    const asked = Promise.all(ids.map((id) => this.controls.discard(id)))
    await inTime(asked, this.#parts.clock, timeoutMs).catch(() => undefined)
    const isUnknown = (id: string) => {
      const record = this.queue.records.get(id)
      return record !== undefined && resultOf(record) === undefined
    }
    const unknownFate = ids.filter((id) => isUnknown(id) || resultOf(this.queue.records.get(id))?.outcome === 'unknown').length
    await this.queue.run(leaveNothing()).catch((error) => this.#reportLeft(error))
    return unknownFate
  }

  #stop(): Promise<void> {
    this.#isClosed = true
    this.#teller.close()
    this.#tabs.leave()
    return this.dispatcher.stop()
  }

  async #leaveForGood(isGone: () => boolean): Promise<void> {
    if (isGone()) await this.queue.run(leaveBehind()).catch((error) => this.#reportLeft(error))
    this.#free()
  }

  #free(): void {
    this.queue.close()
    this.#told.leave()
  }

  #reportLeft(error: unknown): void {
    const message = 'What a user left behind could not be deleted from this browser; it is when they sign out the next time.'
    this.#parts.report('STORAGE_REFUSED', `${message} ${describeError(error)}`)
  }

  #changed(changes: readonly RecordChange[]): void {
    if (this.#isClosed || changes.length === 0) return
    const { store, findAction } = this.#parts
    for (const change of changes) foldOverlay(change, store, findAction)
    const shown = changes.filter(isVisible)
    if (shown.length > 0) this.#tell(shown)
    this.dispatcher.noteChanges(changes)
  }

  #tell(changes: readonly RecordChange[]): void {
    this.views.changed()
    for (const { before, after } of changes) {
      this.#notify((after ?? before)!)
      if (before === undefined) this.#reportUnknownAction(after)
      if (after !== undefined) this.#noteEnd(before, after)
    }
    this.#parts.listeners.run('queue')
  }

  #reportUnknownAction(record: MutationRecord | undefined): void {
    if (record === undefined || hasEnded(record) || this.#parts.findAction(record.action) !== undefined) return
    const message = `A stored mutation waits for the action "${record.action}", which this page does not know. Pass it in createSyncClient({ actions }).`
    this.#parts.report('UNKNOWN_ACTION', message, { action: record.action })
  }

  #notify(record: MutationRecord): void {
    const { listeners } = this.#parts
    listeners.run(`mutation:${record.parentId ?? record.id}`)
    const shown = record.parentId === undefined ? record : this.queue.records.get(record.parentId)
    for (const lane of shown?.lanes ?? []) listeners.run(`lane:${lane}`)
  }

  #noteEnd(before: MutationRecord | undefined, after: MutationRecord): void {
    if (isPending(after) || after.parentId !== undefined) return
    const isNews = before === undefined || isPending(before)
    if (isNews && after.state === 'settled' && after.origin.tabId === this.#parts.tabId) this.#parts.loopTimes.settled(after)
    this.#teller.noteEnd(after)
    if (after.state === 'dead' && before?.state !== 'dead' && this.#isShown(after)) void this.#seen(after)
  }

  // A mounted button in this tab shows the refusal, so it is no dead letter that waits for someone to look.
  async #seen(record: MutationRecord): Promise<void> {
    const { clock } = this.#parts
    await this.queue.run(change(record, (current) => (current.state === 'dead' ? seen(current) : undefined), { now: clock.now() }))
  }

  #attempted(attempted: Attempted): void {
    const { record, verdict, acknowledged } = attempted
    const { outcome, decision } = verdict
    if (this.#isClosed) return
    this.answers.attempted(attempted)
    const { onAcknowledged, onUnread } = this.#parts
    if (outcome.kind === 'pause' || this.#wasOffline !== this.outlook.isOffline) this.contextChanged()
    if (!acknowledged.applied) return
    if (outcome.kind === 'success' || outcome.kind === 'partial') onAcknowledged()
    if (decision.next === 'settle' && isUnread(decision.result)) onUnread()
    const ended = record.parentId === undefined ? acknowledged.record : acknowledged.parent
    if (ended !== undefined && toldAt(ended) !== undefined) this.#teller.tell(ended.id)
    if (outcome.kind === 'pause' && outcome.code === 'CIRCUIT_BREAKER_OPEN') void this.#teller.tellCircuit(record.action)
    const wasAbandoned = decision.next === 'settle' && decision.result.code === 'ACTION_ABANDONED'
    if (record.resolving === 'retry' && wasAbandoned && record.parentId === undefined) this.startOver(acknowledged.record ?? record)
  }

  #isShown(record: MutationRecord): boolean {
    const { listeners, findAction } = this.#parts
    if (listeners.has(`mutation:${record.parentId ?? record.id}`)) return true
    // In a lane of a bulk mutation, a button of one row is looking, which shows none of it.
    const isBulk = findAction(record.action)?.split !== undefined
    return !isBulk && record.lanes.some((lane) => listeners.has(`lane:${lane}`))
  }

  #childrenOf(id: string): string[] {
    return [...this.queue.records.unfinished()].filter((record) => record.parentId === id).map((record) => record.id)
  }

  #versionNow(action: AnyAction, record: MutationRecord): number | undefined {
    const [patch] = patchesOf(record, action)
    return patch && this.#parts.store.getRow(patch.table, patch.id)?.base?.version
  }
}

/** A click that has found its place in storage looks as it did before. */
function isVisible({ before, after }: RecordChange): boolean {
  return before?.seq !== null || after === undefined || after.state !== before.state
}
