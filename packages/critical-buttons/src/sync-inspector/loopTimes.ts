import type { TelemetryEvent } from '@org/sync-core'

/** How long one loop took: from the click to each step, in milliseconds; null where it was not seen. */
export interface LoopTime {
  mutationId: string
  action: string
  outcome: string
  storedMs: number | null
  acknowledgedMs: number | null
  echoedMs: number | null
}

/** The closed loops among a client's events, newest first. Pure. */
export function loopTimesIn(events: readonly TelemetryEvent[]): LoopTime[] {
  const echoedAt = new Map<string, number>()
  for (const event of events) if (event.type === 'echoed') echoedAt.set(event.mutationId, event.at)
  const loopTimes: LoopTime[] = []
  for (const event of events) {
    if (event.type !== 'settled') continue
    const { submittedAt, storedAt, acknowledgedAt } = event.closure
    const since = (at: number | null | undefined) => (at === null || at === undefined ? null : at - submittedAt)
    loopTimes.push({
      mutationId: event.mutationId,
      action: event.action,
      outcome: event.code ?? event.outcome,
      storedMs: since(storedAt),
      acknowledgedMs: since(acknowledgedAt),
      // The event may come before the answer or after it.
      echoedMs: since(event.closure.echoedAt ?? echoedAt.get(event.mutationId)),
    })
  }
  return loopTimes.reverse()
}
