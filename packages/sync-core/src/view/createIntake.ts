import type { AnyAction } from '@org/contracts/client'
import type { ScopeParts } from '../client/ScopeParts.js'
import type { UserScope } from '../client/UserScope.js'
import { type Click, createMutation } from '../mutation/createMutation.js'
import { endingWithoutAnswer, hasEnded } from '../mutation/mutationState.js'
import { SyncError } from '../mutation/SyncError.js'
import { refused } from '../mutation/transitions.js'
import { enqueue } from '../queue/enqueue.js'
import { findSame } from '../queue/findSame.js'
import type { MutationCallbacks, SubmitOptions, Submitted } from '../SyncClient.js'
import { describeError } from '../telemetry/report.js'
import { errorText } from './mutationError.js'

/** Records one click; see `SyncClient.submit`. */
export type Submit = (action: AnyAction, request: unknown, options: SubmitOptions, callbacks?: MutationCallbacks) => Submitted<unknown>

/** Takes clicks: one that repeats another becomes that one, any other is shown at once and then stored. */
export function createIntake(parts: ScopeParts, { views, teller }: Pick<UserScope, 'views' | 'teller'>): Submit {
  const { user, queue, limits, clock, loopTimes, report } = parts
  const { records: known } = queue

  function checkRoom(records: Click): void {
    const { maxUnfinished } = limits
    const parents = records.length > 1 ? 1 : 0
    if (known.unfinishedCount + records.length - parents <= maxUnfinished) return
    throw new SyncError('QUEUE_FULL', errorText('QUEUE_FULL'))
  }

  async function store(records: Click, duplicateWindowMs: number, lookedAt: number): Promise<void> {
    const [click] = records
    try {
      const result = await queue.run(enqueue(records, { ...limits, duplicateWindowMs, lookedAt, now: clock.now() }))
      if (result.kind === 'stored') loopTimes.stored(click, queue.durabilityOf(click.id))
      else if (result.kind === 'full') refuse(records)
      else becomeOther(records, result.id)
    } catch (error) {
      report('STORAGE_REFUSED', { what: 'click', error: describeError(error) })
      refuse(records)
    }
  }

  // Another tab's click was first: this one is that mutation.
  function becomeOther(records: Click, id: string): void {
    const own = records[0].id
    views.alias(own, id)
    teller.move(own, id)
    queue.hide(records.map((record) => record.id))
    if (known.get(id) === undefined) void queue.load()
  }

  function refuse(records: Click): void {
    const result = endingWithoutAnswer('rejected', 'QUEUE_FULL', clock.now())
    queue.show(records.map((record) => refused(record, result)))
    teller.tell(records[0].id)
  }

  return (action, request, options, callbacks) => {
    const records = createMutation(
      action,
      request,
      { ...options, maxAttempts: options.maxAttempts ?? limits.maxAttempts },
      { ...parts, ...user },
    )
    const [click] = records
    const windowMs = options.again ? 0 : (action.duplicateWindowMs ?? 0)
    const same = findSame(known, click, { now: clock.now(), duplicateWindowMs: windowMs })
    loopTimes.submitted(click, same !== undefined)
    if (same === undefined) checkRoom(records)
    const { id } = same ?? click
    if (callbacks !== undefined && (same === undefined || !hasEnded(same))) teller.add(id, callbacks)
    if (same === undefined) {
      const lookedAt = known.news
      queue.show(records)
      void store(records, windowMs, lookedAt)
    }
    return { id, settled: teller.whenSettled(id) }
  }
}
