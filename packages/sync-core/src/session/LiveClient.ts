import type { AnyAction, RequestOf, ResponseOf } from '@org/contracts'
import type { TabChannel } from '../ports/TabChannel.js'
import type { RealtimeController } from '../realtime/createRealtimeSyncService.js'
import type {
  ConnectivityView,
  Identity,
  MutationCallbacks,
  MutationView,
  QueuedMutation,
  RealtimeSyncService,
  RowView,
  SubmitOptions,
  Submitted,
  SyncClient,
} from '../SyncClient.js'
import { SyncError } from '../SyncError.js'
import type { ClientParts } from './ClientParts.js'
import { openStorageSafely } from './openStorageSafely.js'
import { type GetIdentity, Session } from './Session.js'
import { originName, type User } from './scopeName.js'
import { UserScope } from './UserScope.js'

export interface LiveClientOptions {
  parts: ClientParts
  realtime: RealtimeController
  read: SyncClient['read']
  actions: Map<string, AnyAction>
  getIdentity: GetIdentity | undefined
  apiUrl: string
}

const EMPTY: readonly QueuedMutation[] = []
const SIGN_IN_CHECK_MS = 30_000
const FLUSH_MS = 10_000

/** The client components hold on to: it stays while users come and go, and hands each call to the present one's scope. */
export class LiveClient implements SyncClient {
  readonly realtime: RealtimeSyncService
  readonly #options: LiveClientOptions
  readonly #parts: ClientParts
  readonly #session: Session
  readonly #tabs: TabChannel
  readonly #ownKeys = new Set<string>()
  readonly #stops: (() => void)[] = []
  #scope: UserScope | undefined
  #connectivity: ConnectivityView | undefined
  #signInCheckedAt = Number.NEGATIVE_INFINITY
  #cancelSignInCheck = () => {}

  constructor(options: LiveClientOptions) {
    const { parts, apiUrl } = options
    this.#options = options
    this.#parts = parts
    this.realtime = this.#withOwnTab(options.realtime)
    this.#tabs = parts.openTabChannel(originName(apiUrl))
    this.#session = new Session({
      ...parts,
      getIdentity: options.getIdentity,
      openMemory: () => openStorageSafely(`${originName(apiUrl)}:user`, parts),
      onUser: (user) => this.#switchTo(user),
      onChange: () => this.#identityChanged(),
    })
  }

  start(): void {
    const { connectivity } = this.#parts
    this.#stops.push(
      connectivity.subscribe((event) => this.#hinted(event)),
      // Someone signed in or out in another tab: nobody may go on as the former user here.
      this.#tabs.subscribe(() => void this.#session.refresh()),
    )
    void this.#session.start()
  }

  submit<A extends AnyAction>(
    action: A,
    request: RequestOf<A>,
    options: SubmitOptions = {},
    callbacks?: MutationCallbacks<ResponseOf<A>>,
  ): Submitted<ResponseOf<A>> {
    const { actions } = this.#options
    if (!actions.has(action.name)) actions.set(action.name, action)
    if (this.#scope === undefined || this.getIdentity().state !== 'signed-in') {
      throw new SyncError('NOT_SIGNED_IN', 'Nobody is signed in yet, so this click was not taken. Wait until getIdentity() says signed-in.')
    }
    const submitted = this.#scope.submit(action, request, options, callbacks as MutationCallbacks | undefined)
    this.#ownKeys.add(submitted.id)
    return submitted as Submitted<ResponseOf<A>>
  }

  getIdentity(): Identity {
    return this.#session.identity
  }

  subscribeIdentity(listener: () => void): () => void {
    return this.#parts.listeners.add('identity', listener)
  }

  getMutation(id: string): MutationView | undefined {
    return this.#scope?.views.get(id)
  }

  getLatestInLane(lane: string, actionName: string): MutationView | undefined {
    return this.#scope?.views.latestInLane(lane, actionName)
  }

  subscribeLane(lane: string, listener: () => void): () => void {
    return this.#parts.listeners.add(`lane:${lane}`, listener)
  }

  subscribeMutation(id: string, listener: () => void): () => void {
    return this.#parts.listeners.add(`mutation:${id}`, listener)
  }

  adopt(id: string, callbacks: MutationCallbacks): () => void {
    return this.#scope?.adopt(id, callbacks) ?? (() => {})
  }

  dismiss(id: string): void {
    const scope = this.#scope
    if (scope !== undefined) void scope.interventions.dismiss(scope.views.resolve(id))
  }

  async cancel(id: string): ReturnType<SyncClient['cancel']> {
    const scope = this.#scope
    return scope === undefined ? 'unreachable' : scope.interventions.cancel(scope.views.resolve(id))
  }

  async discard(id: string): ReturnType<SyncClient['discard']> {
    const scope = this.#scope
    return scope === undefined ? 'unreachable' : scope.interventions.discard(scope.views.resolve(id))
  }

  retry(id: string): void {
    this.#scope?.retry(id)
  }

  getRow(table: string, id: string): RowView | undefined {
    return this.#parts.store.getRow(table, id)
  }

  subscribeRow(table: string, id: string, listener: () => void): () => void {
    return this.#parts.store.subscribeRow(table, id, listener)
  }

  getRows(table: string): readonly RowView[] {
    return this.#parts.store.getRows(table)
  }

  subscribeTable(table: string, listener: () => void): () => void {
    return this.#parts.store.subscribeTable(table, listener)
  }

  ingest(table: string, rows: readonly unknown[]): void {
    this.#parts.store.ingest(table, rows)
  }

  getQueue(): readonly QueuedMutation[] {
    return this.#scope?.views.list() ?? EMPTY
  }

  getConnectivity(): ConnectivityView {
    const queue = this.#scope?.queue
    const attentionCount = queue === undefined ? 0 : queue.mirror.countClicks('dead', 'blocked', 'unknown') + queue.unreadable.length
    const next: ConnectivityView = {
      online: this.#parts.connectivity.isOnline(),
      pendingCount: queue?.mirror.countClicks('queued', 'sending', 'waiting') ?? 0,
      attentionCount,
      durability: queue?.durability ?? 'disk',
    }
    const last = this.#connectivity
    const isSame =
      last?.online === next.online &&
      last.pendingCount === next.pendingCount &&
      last.attentionCount === attentionCount &&
      last.durability === next.durability
    if (!isSame) this.#connectivity = next
    return this.#connectivity!
  }

  subscribeQueue(listener: () => void): () => void {
    return this.#parts.listeners.add('queue', listener)
  }

  async syncQueue(): Promise<void> {
    await this.#scope?.dispatcher.syncNow()
  }

  read(path: string, init?: { signal?: AbortSignal }): Promise<{ status: number; body: unknown }> {
    return this.#options.read(path, init)
  }

  async signOut({ mode = 'keep', timeoutMs = FLUSH_MS }: { mode?: 'flush' | 'keep' | 'discard'; timeoutMs?: number } = {}): Promise<void> {
    const scope = this.#scope
    if (scope !== undefined && mode === 'flush') await this.#within(timeoutMs, scope.dispatcher.syncNow())
    if (scope !== undefined && mode === 'discard') {
      scope.dispatcher.pause()
      await this.#within(timeoutMs, Promise.all(scope.views.list().map(({ id }) => scope.interventions.discard(id))))
    }
    await this.#session.signOut()
    this.#tabs.post({ type: 'user' })
  }

  async refreshIdentity(): Promise<Identity> {
    const identity = await this.#session.refresh()
    if (identity.state === 'signed-in') this.#scope?.dispatcher.signIn.open()
    this.#options.realtime.refreshAuth()
    return identity
  }

  destroy(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#cancelSignInCheck()
    this.#session.close()
    this.#scope?.close()
    this.#scope = undefined
    this.#options.realtime.destroy()
    this.#tabs.close()
  }

  /** A committed change of a mutation was seen. */
  echoed(mutationKey: string, source: 'realtime' | 'catch-up'): void {
    const record = this.#scope?.queue.mirror.get(mutationKey)
    if (record === undefined) return
    this.#parts.closures.echoed(mutationKey, record.action, source)
    // The server owns it (202) and its row has moved: ask now instead of waiting for the next turn.
    if (record.state === 'waiting') this.#scope?.dispatcher.hasten([mutationKey])
  }

  /** The token was refused: find out whether anyone is signed in, at most twice a minute. */
  signInNeeded(): void {
    const { clock } = this.#parts
    const waitMs = Math.max(0, this.#signInCheckedAt + SIGN_IN_CHECK_MS - clock.now())
    this.#cancelSignInCheck()
    this.#cancelSignInCheck = clock.setTimer(() => {
      this.#signInCheckedAt = clock.now()
      void this.refreshIdentity()
    }, waitMs)
    this.#scope?.contextChanged()
  }

  async #switchTo(user: User | null): Promise<void> {
    const { store, listeners } = this.#parts
    this.#scope?.close()
    this.#scope = undefined
    this.#ownKeys.clear()
    store.purge()
    this.#options.realtime.setScope(null)
    for (const key of listeners.keys()) listeners.run(key)
    if (user === null) return
    const scope = await UserScope.open(user, this.#parts)
    this.#scope = scope
    this.#options.realtime.setScope(scope.name)
    scope.dispatcher.start()
  }

  #identityChanged(): void {
    for (const key of this.#parts.listeners.keys()) this.#parts.listeners.run(key)
  }

  #hinted(event: string): void {
    const scope = this.#scope
    if (event === 'online' || event === 'visible') {
      this.#session.hint()
      if (scope?.dispatcher.signIn.needsSignIn) this.signInNeeded()
    }
    if (event === 'visible') void scope?.queue.load().catch(() => undefined)
    if (event === 'online') scope?.dispatcher.network.cameBack()
    if (event === 'offline') scope?.dispatcher.network.probed()
    if (event === 'online' || event === 'offline') scope?.contextChanged()
    scope?.dispatcher.wake()
  }

  #withOwnTab(realtime: RealtimeController): RealtimeSyncService {
    const isOwn = (key: string | null) => key !== null && this.#ownKeys.has(key.replace(/_\d{4}$/, ''))
    return {
      getSubscriptions: () => realtime.getSubscriptions(),
      getState: (table) => realtime.getState(table),
      subscribeState: (listener) => realtime.subscribeState(listener),
      subscribe: (table, callback, options) =>
        realtime.subscribe(
          table,
          (event) => callback({ ...event, origin: { ...event.origin, ownTab: isOwn(event.origin.mutationKey) } }),
          options,
        ),
    }
  }

  #within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.setTimer(resolve, timeoutMs)
      void work.finally(() => {
        cancel()
        resolve()
      })
    })
  }
}
