import { defineAction, HEADERS } from '@org/contracts'
import {
  type Connectivity,
  type ConnectivityEvent,
  createSyncClient,
  type SyncClient,
  type TelemetryEvent,
  type Transport,
} from '@org/sync-core'
import * as z from 'zod/mini'
import { payload } from './payload.js'

const addNote = defineAction({
  name: 'bench.addNote',
  path: '/bench/notes',
  requestSchema: z.strictObject({ leadId: z.string(), note: z.string() }),
  responseSchema: z.looseObject({}),
  lanes: ({ leadId }) => [`lead:${leadId}:notes`],
  overlays: () => [],
  rows: () => [],
  ttlMs: 60_000,
  keyRequired: true,
})

/** One page with the whole client on it: the browser's own adapters, a switchable network, a server that answers at once. */
class Page {
  readonly client: SyncClient
  readonly #hints = new Set<(event: ConnectivityEvent) => void>()
  readonly #stored = new Map<string, () => void>()
  #isOnline: boolean

  constructor(actor: string, isOnline: boolean, parallel: number) {
    this.#isOnline = isOnline
    this.client = createSyncClient({
      getIdentity: () => ({ actor, tenant: 'bench' }),
      actions: [addNote],
      transport: instantServer,
      connectivity: this.#connectivity(),
      changeSource: { join: () => () => {}, refreshAuth: async () => {}, close: () => {} },
      maxUnfinished: 100_000,
      maxBytes: 1e9,
      parallel,
      onTelemetry: (event) => this.#told(event),
    })
  }

  async ready(): Promise<void> {
    // The user remembered from the run before is shown first.
    const isConfirmed = () => this.client.getIdentity().state === 'confirmed'
    await this.#until(isConfirmed, (check) => this.client.subscribeIdentity(check))
  }

  /** Resolves when the click is safely stored. */
  click(index: number, lanes: number): Promise<void> {
    const { id } = this.client.submit(addNote, { ...payload(index), leadId: `lead-${index % lanes}` })
    return new Promise((resolve) => this.#stored.set(id, resolve))
  }

  async drained(): Promise<void> {
    await this.#until(
      () => this.client.getConnectivity().pendingCount === 0,
      (check) => this.client.subscribeQueue(check),
    )
  }

  goOnline(): void {
    this.#isOnline = true
    void this.client.syncQueue()
  }

  #told(event: TelemetryEvent): void {
    if (event.type !== 'stored') return
    this.#stored.get(event.mutationId)?.()
    this.#stored.delete(event.mutationId)
  }

  #connectivity(): Connectivity {
    return {
      isOnline: () => this.#isOnline,
      isVisible: () => true,
      subscribe: (listener) => {
        this.#hints.add(listener)
        return () => this.#hints.delete(listener)
      },
    }
  }

  #until(isDone: () => boolean, subscribe: (check: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!isDone()) return
        stop()
        resolve()
      }
      const stop = subscribe(check)
      setTimeout(check)
    })
  }
}

const instantServer: Transport = {
  send: async ({ headers }) => {
    const key = headers[HEADERS.idempotencyKey] ?? null
    return {
      kind: 'answer',
      status: 200,
      header: (name) => (name === HEADERS.idempotencyKey ? key : null),
      json: {
        success: true,
        lead: { id: 'lead-1', version: 1 },
        sms: { id: 'sms-1', version: 1 },
        appointment: { id: 'apt-1', version: 1 },
      },
    }
  },
}

/** Milliseconds to store `count` clicks, one after the other or all at once, and to send them all. */
export async function syncCore(
  count: number,
  { burst, parallel = 4, lanes = count }: { burst: boolean; parallel?: number; lanes?: number },
) {
  const actor = `bench-${crypto.randomUUID()}`
  const page = new Page(actor, false, parallel)
  await page.ready()
  const began = performance.now()
  if (burst) await Promise.all(Array.from({ length: count }, (_, index) => page.click(index, lanes)))
  else for (let index = 0; index < count; index++) await page.click(index, lanes)
  const enqueued = performance.now()
  page.goOnline()
  await page.drained()
  const drained = performance.now()
  page.client.destroy()
  return { enqueueMs: enqueued - began, drainMs: drained - enqueued }
}

/** Milliseconds from making a client until `count` clicks of an earlier page load are in its queue. */
export async function syncCoreReload(count: number) {
  const actor = `bench-${crypto.randomUUID()}`
  const before = new Page(actor, false, 4)
  await before.ready()
  await Promise.all(Array.from({ length: count }, (_, index) => before.click(index, count)))
  before.client.destroy()
  const began = performance.now()
  const after = new Page(actor, false, 4)
  await after.ready()
  const found = after.client.getQueue().length
  const reloadMs = performance.now() - began
  after.client.destroy()
  if (found !== count) throw new Error(`${found} of ${count} clicks survived the reload`)
  return { reloadMs }
}
