import type { BaseRow, RowPatch } from '@org/contracts/client'
import type { ConnectivityView, Identity, MutationCallbacks, MutationError, MutationView, RowOrigin, SyncClient } from '@org/sync-core'
import { createEntityStore } from '@org/sync-core/testing'
import { once } from '../messages/once.js'
import { idleClient } from '../provider/idleClient.js'
import { FakeQueue, type FakeSubmission } from './FakeQueue.js'
import { FakeRealtime } from './FakeRealtime.js'
import { Listeners } from './Listeners.js'

export interface FakeSyncClientOptions {
  /** @default signed in as user-456 of org-1 */
  identity?: Identity
  /** Rows known from the start, by table. */
  rows?: Record<string, readonly BaseRow[]>
  /** What `read(path)` answers. @default 404 for every path */
  read?: (path: string) => Promise<{ status: number; body: unknown }> | { status: number; body: unknown }
  /** @default Date.now */
  now?: () => number
}

/** A `SyncClient` in memory that sends nothing: mutations stand still until they are driven. */
export interface FakeSyncClient extends SyncClient {
  /** Every click that became a mutation, in order. */
  readonly submissions: readonly FakeSubmission[]
  /** Keys that were cancelled, retried, or sent by `syncQueue`, in order. */
  readonly calls: readonly string[]
  /** Sets the state of a table's subscription, and emits what nobody committed. */
  readonly realtime: FakeRealtime
  /**
   * Puts the newest mutation (or the one named) into a state; settling states call the callbacks. A
   * success takes effect: by the rows of its `data`, else by what the action said the click would change. What is partly
   * done takes effect by its `data` alone.
   */
  drive(fields: Partial<MutationView>, id?: string): MutationView
  succeed(data: unknown, id?: string): MutationView
  fail(error: Partial<MutationError> & { code: string }, id?: string): MutationView
  setIdentity(identity: Identity): void
  /** Counts that are set stay as they are set, whatever is clicked; the others are counted. */
  setConnectivity(fields: Partial<ConnectivityView>): void
  /** A committed change by someone: into the store and to realtime listeners. */
  commit(table: string, row: BaseRow, origin?: Partial<RowOrigin>): void
  /** What `cancel` and `discard` answer. @default 'cancelled' */
  cancelAnswer: 'cancelled' | 'already-done' | 'unreachable'
  /** Thrown by the next `submit`, once. */
  refuseNext(error: Error & { code: string }): void
  /** Listeners held at present; 0 when everything was unsubscribed. */
  listenerCount(): number
}

const SIGNED_IN: Identity = { state: 'confirmed', actor: 'user-456', tenant: 'org-1' }

const AT_REST = idleClient.getConnectivity()

/** Makes a fake client for tests and stories. */
export function createFakeSyncClient(options: FakeSyncClientOptions = {}): FakeSyncClient {
  const now = options.now ?? Date.now
  const queue = new FakeQueue(now)
  // The rows of the real client: what is pending is folded in, and a lower version changes nothing.
  const store = createEntityStore({ report: () => {} })
  let rowListeners = 0
  const realtime = new FakeRealtime()
  const identityListeners = new Listeners()
  const calls: string[] = []
  const patches = new Map<string, readonly RowPatch[]>()
  let identity = options.identity ?? SIGNED_IN
  let connectivity = AT_REST
  let setFields: Partial<ConnectivityView> = {}
  let refusal: Error | undefined
  for (const [table, list] of Object.entries(options.rows ?? {})) store.ingest(table, list)

  const newest = () => queue.submissions.at(-1)?.id ?? ''
  const count = () => {
    const views = queue.all().filter((view) => !queue.dismissed.has(view.id))
    const pending = views.filter((view) => !view.settled)
    const pendingCount = pending.length
    const waitsForServer = pendingCount > 0 && pending.every(({ phase }) => phase !== 'running' && phase !== 'checking')
    const attentionCount = views.filter((view) => view.settled && view.phase !== 'success').length
    const next = { ...AT_REST, pendingCount, waitsForServer, attentionCount, ...setFields }
    if (JSON.stringify(next) !== JSON.stringify(connectivity)) connectivity = next
  }
  queue.listeners.add('queue', count)
  queue.onView = (view) => {
    if (!view.settled) return
    if (view.phase === 'success' || view.phase === 'partial') takeEffect(view)
    store.dropOverlay(view.id)
  }
  /** What the click showed becomes the row, as after an answer that holds it. */
  const rowsExpectedOf = (key: string) =>
    (patches.get(key) ?? []).flatMap(({ table, id, patch }) => {
      const base = store.getRow(table, id)?.base
      const by = { updated_by: actorOf(identity), last_mutation_key: key }
      return base ? [{ table, row: { ...base, ...patch, ...by, version: base.version + 1 } }] : []
    })
  const takeEffect = ({ id, phase, data }: MutationView) => {
    const answered = queue.actionOf(id)?.rows(data) ?? []
    const rows = answered.length > 0 || phase === 'partial' ? answered : rowsExpectedOf(id)
    for (const { table, row } of rows) store.ingest(table, [row])
  }

  const waitsFor = () => (connectivity.online ? identity.reason : 'network')
  queue.setWaitsFor(waitsFor())

  const counted = (stop: () => void) => {
    rowListeners += 1
    return once(() => {
      rowListeners -= 1
      stop()
    })
  }

  const client: FakeSyncClient = {
    submissions: queue.submissions,
    calls,
    cancelAnswer: 'cancelled',
    realtime,

    submit(action, request, submitOptions = {}, callbacks) {
      if (refusal !== undefined) {
        const thrown = refusal
        refusal = undefined
        throw thrown
      }
      const joined = queue.pendingTwin(action, request)
      const phase = connectivity.online ? 'running' : 'queued'
      const view = joined ?? queue.add({ action, request, options: submitOptions }, phase)
      if (callbacks !== undefined) queue.listen(view.id, callbacks as MutationCallbacks)
      if (joined === undefined) {
        patches.set(view.id, action.overlays(request, { actor: actorOf(identity), clickedAt: new Date(now()).toISOString() }))
        store.addOverlay({ id: view.id, patches: patches.get(view.id) ?? [] })
      }
      return { id: view.id, settled: queue.settled(view.id) as never }
    },

    getIdentity: () => identity,
    subscribeIdentity: (listener) => identityListeners.add('identity', listener),
    getMutation: (id) => queue.get(id),
    getLatestInLane: (lane, actionName) => queue.latestInLane(lane, actionName),
    subscribeLane: (lane, listener) => queue.listeners.add(`lane:${lane}`, listener),
    subscribeMutation: (id, listener) => queue.listeners.add(`mutation:${id}`, listener),
    adopt: (id, callbacks) => queue.adopt(id, callbacks),
    dismiss: (id) => queue.dismiss(id),
    async cancel(id) {
      calls.push(`cancel ${id}`)
      if (client.cancelAnswer === 'cancelled') queue.cancel(id)
      return client.cancelAnswer
    },
    retry(id) {
      calls.push(`retry ${id}`)
      queue.drive(id, { phase: 'running', attempt: (queue.get(id)?.attempt ?? 0) + 1, error: undefined, nextRetryAt: null })
    },

    getRow: store.getRow,
    subscribeRow: (table, id, listener) => counted(store.subscribeRow(table, id, listener)),
    getRows: store.getRows,
    subscribeTable: (table, listener) => counted(store.subscribeTable(table, listener)),
    ingest: store.ingest,

    getQueue: () => queue.list(),
    getConnectivity: () => connectivity,
    subscribeQueue: (listener) => queue.listeners.add('queue', listener),
    async syncQueue() {
      calls.push('syncQueue')
    },
    async discard(id) {
      calls.push(`discard ${id}`)
      if (client.cancelAnswer === 'cancelled') queue.cancel(id)
      return client.cancelAnswer
    },
    read: async (path) => (await options.read?.(path)) ?? { status: 404, body: null },
    async signOut() {
      client.setIdentity({ state: 'signed-out' })
      return { unknownFate: 0 }
    },
    refreshIdentity: async () => identity,
    destroy() {
      calls.push('destroy')
    },

    drive: (fields, id = newest()) => queue.drive(id, fields),
    succeed: (data, id = newest()) => queue.drive(id, { phase: 'success', data, error: undefined }),
    fail: ({ code, message = code, willRetry = false, ...rest }, id = newest()) =>
      queue.drive(id, { phase: failurePhase(code, willRetry), error: { code, message, willRetry, ...rest } }),
    setIdentity(next) {
      identity = next
      queue.setWaitsFor(waitsFor())
      identityListeners.call('identity')
    },
    setConnectivity(fields) {
      setFields = { ...setFields, ...fields }
      queue.listeners.call('queue')
      queue.setWaitsFor(waitsFor())
    },
    commit(table, row, origin = {}) {
      const known = store.getRow(table, row.id)?.base !== undefined
      store.ingest(table, [row])
      realtime.emit({
        table,
        eventType: known ? 'UPDATE' : 'INSERT',
        new: row,
        old: { id: row.id },
        origin: { actor: row.updated_by ?? null, mutationKey: row.last_mutation_key ?? null, ...origin },
      })
    },
    refuseNext(error) {
      refusal = error
    },
    // One listener is the fake's own counting.
    listenerCount: () => queue.listeners.count() + rowListeners + identityListeners.count() + realtime.listenerCount() - 1,
  }
  return client
}

function actorOf(identity: Identity): string {
  return 'actor' in identity ? identity.actor : ''
}

function failurePhase(code: string, willRetry: boolean): MutationView['phase'] {
  if (willRetry && code === 'CIRCUIT_BREAKER_OPEN') return 'circuit-open'
  if (code === 'VERSION_CONFLICT') return 'conflict'
  return code === 'OUTCOME_UNKNOWN' ? 'unknown' : 'error'
}
