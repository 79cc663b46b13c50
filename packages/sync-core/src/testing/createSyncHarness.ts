import type { BaseRow } from '@org/contracts/client'
import * as realtimeChunk from '../client/connectRealtime.js'
import type { ClientAdapters, SyncClientSettings } from '../client/SyncClientSettings.js'
import { wireSyncClient } from '../client/wireSyncClient.js'
import type { User } from '../identity/scopeName.js'
import type { TelemetryEvent } from '../ports/Telemetry.js'
import type { Transport } from '../ports/Transport.js'
import type { SyncClient } from '../SyncClient.js'
import * as explanations from '../telemetry/explanations.js'
import { FakeBrowser, type FakeTab } from './FakeBrowser.js'
import { FakeServer } from './FakeServer.js'
import { type FakeClock, fakeClock } from './fakeClock.js'
import { fakeRandom } from './fakeRandom.js'
import { settle as comeToRest } from './settle.js'

export interface HarnessOptions extends SyncClientSettings {
  /** Who is signed in; null: nobody. @default user-456 of org-1 */
  user?: User | null
  /** Rows on the server, by table. */
  rows?: Readonly<Record<string, readonly BaseRow[]>>
  /** Seed of keys and jitter. @default 1 */
  seed?: number
  /** Start without network. @default false */
  offline?: boolean
  /** Puts something between the tabs and the server: a proxy, a slow line. */
  wrapTransport?: (transport: Transport) => Transport
  /** Replaces ports of every tab, for example real IndexedDB; a function is handed the tab's own. */
  adapters?: Partial<ClientAdapters> | ((own: ClientAdapters) => Partial<ClientAdapters>)
  /** Epoch ms. @default a morning of 2026 */
  startAt?: number
  /** Lets everything that needs no time come to rest. @default a few turns of the event loop, for databases */
  settle?: () => Promise<void>
}

/** One tab with its client. */
export interface HarnessTab {
  client: SyncClient
  tab: FakeTab
  telemetry: TelemetryEvent[]
  /** What a developer would read on the console. */
  warnings: string[]
}

export interface SyncHarness extends HarnessTab {
  clock: FakeClock
  server: FakeServer
  browser: FakeBrowser
  goOffline(): Promise<void>
  goOnline(): Promise<void>
  /** One more tab of the same browser. */
  openTab(settings?: SyncClientSettings): Promise<HarnessTab>
  /** Crashes a tab: nothing of it happens any more. */
  crash(tab: Pick<HarnessTab, 'tab'>): Promise<void>
  /** Crashes the first tab and opens it anew; `client` is the new one afterwards. */
  reload(): Promise<SyncClient>
  /** The same for any tab: closed and opened anew with what the browser keeps for it; the new one is returned. */
  reopen(tab: HarnessTab): Promise<HarnessTab>
  /** Lets time pass. */
  advance(ms: number): Promise<void>
  /** Lets everything that needs no time come to rest. */
  settle(): Promise<void>
  /** Closes all tabs. Call it at the end of a test. */
  close(): void
}

/**
 * A whole world in memory for tests of components and teams' actions: a browser with tabs, a clock that
 * stands still, and a server with a ledger. Resolves when the first tab knows who is signed in.
 */
export async function createSyncHarness(options: HarnessOptions = {}): Promise<SyncHarness> {
  const {
    user = { actor: 'user-456', tenant: 'org-1' },
    rows = {},
    seed = 1,
    offline = false,
    adapters,
    wrapTransport = (transport) => transport,
    startAt,
    settle = comeToRest,
    ...settings
  } = options
  const clock = fakeClock(startAt, settle)
  const browser = new FakeBrowser()
  const server = new FakeServer({ user, now: clock.now })
  const random = fakeRandom(seed)
  const tabs = new Set<HarnessTab>()
  const settingsOf = new Map<HarnessTab, SyncClientSettings>()
  for (const [table, list] of Object.entries(rows)) server.seed(table, list)
  browser.setOnline(!offline)

  async function openTab(more: SyncClientSettings = {}, former?: FakeTab): Promise<HarnessTab> {
    const tab = browser.openTab(former?.memory)
    const telemetry: TelemetryEvent[] = []
    const warnings: string[] = []
    const onTelemetry = (event: TelemetryEvent) => {
      telemetry.push(event)
      ;(more.onTelemetry ?? settings.onTelemetry)?.(event)
    }
    const own: ClientAdapters = {
      clock: tabClock(clock, tab),
      random,
      storage: tab.openStorage,
      transport: wrapTransport(server.transport(() => browser.isOnline && tab.isAlive)),
      connectivity: tab.connectivity,
      locks: tab.locks,
      tabChannel: tab.openTabChannel,
      // There already, so that no test has to wait for code.
      loadRealtime: async () => realtimeChunk,
      loadExplanations: async () => explanations,
      tabMemory: tab.memory,
      warn: (text) => void warnings.push(text),
    }
    const replaced = typeof adapters === 'function' ? adapters(own) : adapters
    const client = wireSyncClient({ ...settings, ...more, onTelemetry }, { ...own, ...replaced })
    const opened = { client, tab, telemetry, warnings }
    tabs.add(opened)
    settingsOf.set(opened, more)
    await settle()
    return opened
  }

  async function crash({ tab }: Pick<HarnessTab, 'tab'>): Promise<void> {
    tab.kill()
    for (const opened of tabs) if (opened.tab === tab) tabs.delete(opened)
    await settle()
  }

  async function reopen(opened: HarnessTab): Promise<HarnessTab> {
    const settings = settingsOf.get(opened)
    await crash(opened)
    return openTab(settings, opened.tab)
  }

  let first = await openTab()
  const harness: SyncHarness = {
    get client() {
      return first.client
    },
    get tab() {
      return first.tab
    },
    get telemetry() {
      return first.telemetry
    },
    get warnings() {
      return first.warnings
    },
    clock,
    server,
    browser,
    goOffline: async () => {
      browser.setOnline(false)
      await settle()
    },
    goOnline: async () => {
      browser.setOnline(true)
      await settle()
    },
    openTab: (more) => openTab(more),
    crash,
    reload: async () => {
      first = await reopen(first)
      return first.client
    },
    reopen,
    advance: (ms) => clock.advance(ms),
    settle: () => settle(),
    close: () => {
      for (const { client } of tabs) client.destroy()
    },
  }
  return harness
}

// A crashed or hanging tab's timers never fire, a frozen one's once it goes on.
function tabClock(clock: FakeClock, tab: FakeTab): FakeClock {
  return { ...clock, setTimer: (callback, delayMs) => clock.setTimer(() => tab.run(callback), delayMs) }
}
