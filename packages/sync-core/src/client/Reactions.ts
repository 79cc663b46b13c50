import type { AnswerWatch, WatchAnswers } from '../dispatch/AnswerWatch.js'
import type { AttemptEvents, Attempted } from '../dispatch/Sender.js'
import { foldOverlay } from '../mutation/foldOverlay.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { hasEnded, isPending, isUnread, toldAt } from '../mutation/mutationState.js'
import { seen } from '../mutation/transitions.js'
import { freesOrHolds } from '../queue/behind.js'
import { change } from '../queue/change.js'
import type { RecordChange } from '../queue/Records.js'
import type { ScopeParts } from './ScopeParts.js'
import type { UserScope } from './UserScope.js'

/** What follows when one user's mutations come, change and end, and when they were sent: in rows, views, callbacks and feeds. */
export class Reactions implements AttemptEvents {
  readonly #parts: ScopeParts
  readonly #scope: Pick<UserScope, 'views' | 'teller' | 'controls' | 'dispatcher'>
  /** Actions of which an unreadable answer was told to the host. */
  readonly #unreadable = new Set<string>()
  #answers: AnswerWatch | undefined
  #isClosed = false

  constructor(parts: ScopeParts, scope: Pick<UserScope, 'views' | 'teller' | 'controls' | 'dispatcher'>) {
    this.#parts = parts
    this.#scope = scope
  }

  /** Somebody else is here, or nobody: nothing follows any more. */
  close(): void {
    this.#isClosed = true
  }

  /** Shows what changed, tells whoever waits for an ending, and lets the dispatcher look. */
  changed(changes: readonly RecordChange[]): void {
    if (this.#isClosed) return
    const { store, findAction } = this.#parts
    for (const change of changes) foldOverlay(change, store, findAction)
    const shown = changes.filter(isVisible)
    if (shown.length > 0) this.#tell(shown)
    this.#scope.dispatcher.noteChanges(changes)
  }

  /** Clicks of this action, met before it was known, are shown and sent as others are. */
  understand(actionName: string): void {
    const { queue, store, findAction, status } = this.#parts
    for (const after of queue.records.all()) {
      if (after.action === actionName) foldOverlay({ before: undefined, after }, store, findAction)
    }
    status.allChanged()
    this.#scope.dispatcher.wake()
  }

  /** A committed row names a mutation as its author. */
  echoed(id: string, source: 'realtime' | 'catch-up', watchAnswers: WatchAnswers): void {
    const record = this.#parts.queue.records.get(id)
    if (record === undefined) return
    this.#parts.loopTimes.echoed(id, record.action, source)
    this.#answers ??= watchAnswers(this.#parts, (own) => this.#scope.dispatcher.hasten([own]))
    this.#answers.rowSeen(record)
  }

  attempted(attempted: Attempted): void {
    if (this.#isClosed) return
    const { record, verdict, acknowledged } = attempted
    const { outcome, decision } = verdict
    const { realtime, status } = this.#parts
    const { teller, controls } = this.#scope
    this.#answers?.attempted(attempted)
    if (outcome.kind === 'unreadable') this.#reportUnreadable(record.action)
    // What was not written down changed the belief in the network alone.
    if (attempted.concernsOthers || !acknowledged.applied) status.allChanged()
    if (!acknowledged.applied) return
    if (outcome.kind === 'success' || outcome.kind === 'partial') realtime.nudge()
    if (decision.next === 'settle' && isUnread(decision.result)) realtime.refreshAuth()
    const ended = record.parentId === undefined ? acknowledged.record : acknowledged.parent
    if (ended !== undefined && toldAt(ended) !== undefined) teller.tell(ended.id)
    if (outcome.kind === 'pause' && outcome.code === 'CIRCUIT_BREAKER_OPEN') void teller.tellCircuit(record.action)
    const wasAbandoned = decision.next === 'settle' && decision.result.code === 'ACTION_ABANDONED'
    if (record.resolving === 'retry' && wasAbandoned && record.parentId === undefined) controls.startOver(acknowledged.record ?? record)
  }

  mayTell(record: MutationRecord): boolean {
    return this.#scope.teller.mayTell(record)
  }

  isShown(record: MutationRecord): boolean {
    const { listeners, findAction } = this.#parts
    if (listeners.has(`mutation:${record.parentId ?? record.id}`)) return true
    // In a lane of a bulk mutation, a button of one row is looking, which shows none of it.
    const action = findAction(record.action)
    return action !== undefined && !action.split && record.lanes.some((lane) => listeners.has(`lane:${lane}`))
  }

  /** No code here can mend it, so the host is told, once an action. */
  #reportUnreadable(action: string): void {
    if (!this.#unreadable.has(action)) this.#parts.report('ANSWER_INVALID', { action })
    this.#unreadable.add(action)
  }

  #tell(changes: readonly RecordChange[]): void {
    const { listeners, status, queue } = this.#parts
    for (const { before, after } of changes) this.#scope.views.changed((after ?? before)!)
    const heard = changes.flatMap(({ before, after }) => this.#keysOf((after ?? before)!))
    for (const key of new Set(heard)) listeners.run(key)
    for (const change of changes) this.#noteEnd(change)
    if (changes.some((change) => freesOrHolds(queue.records, change))) status.allChanged()
    else status.queueChanged()
  }

  /** Whom a change of this mutation concerns: of a part of a bulk mutation, whoever shows the whole. */
  #keysOf(record: MutationRecord): string[] {
    const shown = record.parentId === undefined ? record : this.#parts.queue.records.get(record.parentId)
    return [`mutation:${record.parentId ?? record.id}`, ...(shown?.lanes ?? []).map((lane) => `lane:${lane}`)]
  }

  #noteEnd({ before, after }: RecordChange): void {
    const { needAction, tabId, loopTimes, clock, queue } = this.#parts
    if (after === undefined) {
      // What a storage was cleared of is written to it again.
      if (before !== undefined && queue.records.get(before.id) === undefined) this.#scope.teller.noteGone(before)
      return
    }
    if (before === undefined && !hasEnded(after)) needAction(after.action)
    if (isPending(after) || after.parentId !== undefined) return
    const isNews = before === undefined || isPending(before)
    if (isNews && after.state === 'settled' && after.origin.tabId === tabId) loopTimes.settled(after)
    this.#scope.teller.noteEnd(after)
    // A mounted button in this tab shows the refusal, so it is no dead letter that waits for someone to look.
    if (after.state !== 'dead' || before?.state === 'dead' || !this.isShown(after)) return
    const look = (current: MutationRecord) => (current.state === 'dead' ? seen(current) : undefined)
    void queue.run(change(after, look, { now: clock.now() }))
  }
}

/** A click that has found its place in storage looks as it did before. */
function isVisible({ before, after }: RecordChange): boolean {
  return before?.seq !== null || after === undefined || after.state !== before.state
}
