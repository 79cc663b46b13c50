import { type IdentityState, showsRows } from '../identity/IdentityState.js'
import type { OriginMemory } from '../identity/OriginMemory.js'
import type { User } from '../identity/scopeName.js'
import type { WhoIsHere } from '../identity/WhoIsHere.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { ConnectivityView, Identity } from '../SyncClient.js'
import type { EntityStore } from '../store/EntityStore.js'
import type { Listeners } from '../store/listeners.js'
import { kept } from '../view/kept.js'
import type { UserScope } from './UserScope.js'

export interface ClientStatusOptions {
  whoIsHere: Pick<WhoIsHere, 'state'>
  current: { readonly scope: UserScope | undefined }
  memory: Pick<OriginMemory, 'waiting'>
  connectivity: Connectivity
  store: Pick<EntityStore, 'tellAll'>
  listeners: Listeners
}

const LOADING: Identity = { state: 'loading' }

/**
 * Who is signed in and how network, queue and storage stand, as components see it: found out once when something has
 * changed, then told. Each is the same object while nothing in it changed.
 */
export class ClientStatus {
  readonly #options: ClientStatusOptions
  identity: Identity = LOADING
  connectivity: ConnectivityView
  /** Whether rows may be seen. */
  showsRows = false

  constructor(options: ClientStatusOptions) {
    this.#options = options
    this.connectivity = toConnectivity(options)
  }

  /** Clicks came, changed or went. */
  queueChanged(): void {
    const { online } = this.connectivity
    this.connectivity = kept(this.connectivity, toConnectivity(this.#options))
    if (this.connectivity.online === online) this.#options.listeners.run('queue')
    else this.#tellAll()
  }

  /** Something changed that all clicks and rows are shown by: who is here, the network, a pause. */
  allChanged(): void {
    const { whoIsHere, current, store } = this.#options
    const wereShown = this.showsRows
    this.showsRows = showsRows(whoIsHere.state)
    this.identity = kept(this.identity, toIdentity(whoIsHere.state, current.scope?.user))
    this.connectivity = kept(this.connectivity, toConnectivity(this.#options))
    this.#tellAll()
    if (this.showsRows !== wereShown) store.tellAll()
  }

  #tellAll(): void {
    const { current, listeners } = this.#options
    current.scope?.views.contextChanged()
    for (const key of listeners.keys()) listeners.run(key)
  }
}

function toIdentity({ is, user, reason, isHidden }: IdentityState, opened: User | undefined): Identity {
  const known = reason === null ? {} : { reason }
  // Whoever looks at a page that was put aside may be somebody else.
  if (user === null || isHidden) return { state: user === null ? is : 'loading', ...known } as Identity
  // A user whose queue is still being opened can do nothing yet.
  return user === opened ? { state: is, ...user, ...known } : LOADING
}

function toConnectivity({ current: { scope }, memory, connectivity }: ClientStatusOptions): ConnectivityView {
  const { clicks, unreadable } = scope?.queue.records ?? {}
  return {
    online: scope === undefined ? connectivity.isOnline() : !scope.outlook.isOffline,
    pendingCount: clicks?.pending ?? 0,
    waitsForServer: scope !== undefined && isStalled(scope),
    attentionCount: clicks === undefined ? 0 : clicks.unknown + clicks.dead + (unreadable?.size ?? 0),
    waitingForSignIn: scope === undefined ? memory.waiting : 0,
    durability: scope?.queue.durability ?? 'disk',
  }
}

/** Looks no further than to the first that is on its way, so it costs nothing while all is well. */
function isStalled({ queue, views }: UserScope): boolean {
  if (queue.records.clicks.pending === 0) return false
  for (const { id, parentId } of queue.records.unfinished()) {
    const phase = parentId === undefined ? views.get(id)?.phase : undefined
    if (phase === 'running' || phase === 'checking') return false
  }
  return true
}
