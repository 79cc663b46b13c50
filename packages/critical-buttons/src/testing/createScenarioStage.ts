import type { SyncClient, TelemetryEvent } from '@org/sync-core'
import { createSyncHarness, type HarnessOptions, type SyncHarness } from '@org/sync-core/testing'
import type { Announce, Politeness } from '../announcer/announce.js'

/** One line of what happened: a step of the script, a click, what the client did, or what was announced. */
export interface TimelineEntry {
  /** Milliseconds since the scenario began, by its own clock. */
  atMs: number
  kind: 'step' | 'click' | 'sync' | 'polite' | 'assertive'
  text: string
}

/** A page with the real client over a fake server, on which a scenario is played. */
export interface ScenarioStage {
  readonly sync: SyncHarness
  /** Give it to `CriticalButtonsProvider`. Another one after `reload`, so read it after each change. */
  readonly client: SyncClient
  /** Give it to `CriticalButtonsProvider` too: what would be heard goes to the timeline. */
  readonly announce: Announce
  /** Where the buttons are; `document.body` until it is set. */
  root: HTMLElement | undefined
  /** A new array when something was added. */
  timeline(): readonly TimelineEntry[]
  /** The announced texts, in order. */
  heard(): readonly string[]
  note(kind: 'step' | 'click', text: string): void
  /** Closes the page as a crash would, and opens it again. */
  reload(): Promise<void>
  /** Calls back when the timeline or the client has changed. */
  subscribe(listener: () => void): () => void
  close(): void
}

export interface ScenarioStageOptions extends Omit<HarnessOptions, 'onTelemetry'> {
  /** Says announcements in the page too, beside noting them. */
  announce?: Announce
}

/** Makes a stage: one browser tab, a clock that stands still, and a server with a ledger. */
export async function createScenarioStage({ announce, ...options }: ScenarioStageOptions = {}): Promise<ScenarioStage> {
  const listeners = new Set<() => void>()
  let timeline: readonly TimelineEntry[] = []
  let startedAt: number | undefined
  const add = (kind: TimelineEntry['kind'], text: string) => {
    timeline = [...timeline, { atMs: startedAt === undefined ? 0 : sync.clock.now() - startedAt, kind, text }]
    for (const listener of listeners) listener()
  }
  const sync: SyncHarness = await createSyncHarness({
    ...options,
    onTelemetry: (event) => {
      const text = telemetryText(event)
      if (text !== undefined) add('sync', text)
    },
  })
  startedAt = sync.clock.now()

  return {
    sync,
    get client() {
      return sync.client
    },
    announce: (announcement) => {
      add(announcement.politeness, announcement.text)
      announce?.(announcement)
    },
    root: undefined,
    timeline: () => timeline,
    heard: () => timeline.filter(({ kind }) => isHeard(kind)).map(({ text }) => text),
    note: add,
    reload: async () => {
      await sync.reload()
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => sync.close(),
  }
}

/** True for what a screen reader would say. */
export function isHeard(kind: TimelineEntry['kind']): kind is Politeness {
  return kind === 'polite' || kind === 'assertive'
}

/** One event in words; undefined for what says nothing to a reader. */
function telemetryText(event: TelemetryEvent): string | undefined {
  switch (event.type) {
    case 'submitted':
      return event.joined ? `${event.action}: joined the same click` : `${event.action}: clicked, with a key of its own`
    case 'stored':
      return event.durability === 'disk' ? 'stored on this device' : 'kept in this tab only'
    case 'attempt':
      return `attempt ${event.attempt}: ${event.code ?? event.status ?? event.outcome}`
    case 'settled':
      return `settled: ${event.code ?? event.outcome}`
    default:
      return undefined
  }
}
