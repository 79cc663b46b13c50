import type { SyncClient, Telemetry, TelemetryEvent } from '@org/sync-core'

const KEPT = 200

/** The last events of one client, for the inspector. */
export interface TelemetryLog {
  /** Oldest first; a new array when something was added. */
  get: () => readonly TelemetryEvent[]
  subscribe: (listener: () => void) => () => void
}

const logs = new WeakMap<SyncClient, TelemetryLog>()
const EMPTY: readonly TelemetryEvent[] = []
const NO_LOG: TelemetryLog = { get: () => EMPTY, subscribe: () => () => {} }

/** The log of a client made by the provider or by `configureCriticalButtons`; an empty one for any other. */
export function telemetryLogOf(client: SyncClient): TelemetryLog {
  return logs.get(client) ?? NO_LOG
}

/**
 * Keeps what a client tells and hands it on.
 * @returns the function to give the client, and the one that ties the log to it
 */
export function createTelemetryLog(next: Telemetry | undefined): { onTelemetry: Telemetry; attach: (client: SyncClient) => void } {
  let events = EMPTY
  const listeners = new Set<() => void>()
  const log: TelemetryLog = {
    get: () => events,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    onTelemetry: (event) => {
      events = [...events.slice(1 - KEPT), event]
      for (const listener of listeners) listener()
      next?.(event)
    },
    attach: (client) => void logs.set(client, log),
  }
}
