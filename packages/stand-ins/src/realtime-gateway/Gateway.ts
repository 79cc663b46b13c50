import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { TABLES } from '@org/contracts'
import { type WebSocket, WebSocketServer } from 'ws'
import { systemClock } from '../time/Clock.js'
import { type Access, KEY_REASONS, tenantOfClaims } from './access.js'
import type { ChangeFeed, FeedChange } from './ChangeFeed.js'
import type { Channel } from './Channel.js'
import { ownOrganisation } from './ChannelPolicy.js'
import { Connection } from './Connection.js'
import { changeData } from './changeMessage.js'
import { DelayLine } from './DelayLine.js'
import { EncodedChange } from './EncodedChange.js'
import { FanOut } from './FanOut.js'
import { VSNS, type Vsn } from './Frame.js'
import { Gatekeeper } from './Gatekeeper.js'
import { DEFAULT_LIMITS, type GatewayLimits } from './GatewayLimits.js'
import { type ChangeBatches, messagesOfChanges } from './messagesOfChanges.js'
import { RateCounter } from './RateCounter.js'
import type { JoinedChannel, RealtimeGateway, RealtimeGatewayOptions } from './RealtimeGateway.js'
import { type RealtimeFaults, type RealtimeFaultsInput, resolveRealtimeFaults } from './realtimeFaults.js'
import { refuseUpgrade } from './refuseUpgrade.js'

/** Larger frames than this close the socket. */
const LONGEST_FRAME_BYTES = 3 * 1_024 * 1_024

type Settings = Required<RealtimeGatewayOptions> & { limits: GatewayLimits }

/** All connections of one gateway: who may come in, and what each change becomes on its way out. */
export class Gateway implements RealtimeGateway {
  readonly #settings: Settings
  readonly #gatekeeper: Gatekeeper
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_FRAME_BYTES })
  readonly #connections = new Set<Connection>()
  readonly #detachments = new Set<() => void>()
  /** What came, on its way out. */
  readonly #line: DelayLine<() => void>
  readonly #fanOut: FanOut
  readonly #joins: RateCounter
  readonly #leaveFeeds: (() => void)[]
  #faults = resolveRealtimeFaults()

  constructor(options: RealtimeGatewayOptions) {
    const settings = withDefaults(options)
    const { systemDelayMs, clock, feed, messages } = settings
    if (!(systemDelayMs >= 0)) throw new RangeError(`createRealtimeGateway: systemDelayMs must not be below 0, received ${systemDelayMs}`)
    this.#settings = settings
    this.#gatekeeper = new Gatekeeper(settings)
    this.#joins = new RateCounter(clock, settings.limits.joinsPerSecond)
    this.#fanOut = new FanOut({ ...settings, faults: () => this.#faults })
    this.#line = new DelayLine(clock, (deliver) => deliver())
    const later = (deliver: () => void) => this.#line.push(deliver, this.#faults.delayMs)
    this.#leaveFeeds = [
      feed.subscribe((change) => {
        const heardAt = clock.now()
        later(() => this.#deliver(change, heardAt))
      }),
      messages.subscribe((message) => later(() => this.#fanOut.tell(message))),
    ]
  }

  attach(server: Server): () => void {
    const listener = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const taken = this.handleUpgrade(request, socket, head)
      // With nobody else to answer it, the socket would hang open for ever.
      if (!taken && server.listenerCount('upgrade') === 1) refuseUpgrade(socket, 404, 'Not found')
    }
    const detach = () => {
      server.off('upgrade', listener)
      this.#detachments.delete(detach)
    }
    server.on('upgrade', listener)
    this.#detachments.add(detach)
    return detach
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    // Split by hand: URL throws on some request targets (such as "//"), and here that would end the process.
    const [pathname, query] = (request.url ?? '').split('?', 2)
    if (pathname !== `${this.#settings.path}/websocket`) return false
    // The peer may go away while its key is checked; there is nobody left to tell.
    socket.on('error', () => socket.destroy())
    void this.#admit(request, socket, head, new URLSearchParams(query))
    return true
  }

  connectionCount(): number {
    return this.#connections.size
  }

  joined(): JoinedChannel[] {
    return this.#channels().map(({ topic, access, live }) => {
      const actor = access.claims?.sub
      return { topic, live, actor: typeof actor === 'string' ? actor : null }
    })
  }

  faults(): RealtimeFaults {
    return this.#faults
  }

  setFaults(input?: RealtimeFaultsInput): void {
    this.#faults = resolveRealtimeFaults(input)
    if (this.#faults.expireTokens) this.#expireTokens()
    else this.#gatekeeper.forgiveTokens()
    if (this.#faults.disconnect || this.#faults.down) this.#cutAll()
  }

  close(): void {
    for (const leave of this.#leaveFeeds) leave()
    this.#line.clear()
    for (const detach of this.#detachments) detach()
    this.#cutAll()
    this.#sockets.close()
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer, query: URLSearchParams): Promise<void> {
    const vsn = query.get('vsn') ?? '1.0.0'
    if (this.#faults.down) return refuseUpgrade(socket, 503, 'Error connecting to Realtime')
    if (!isVsn(vsn)) return refuseUpgrade(socket, 403, 'The requested transport version is not supported')
    const key = request.headers['x-api-key'] ?? query.get('apikey')
    const verdict = await this.#gatekeeper.checkKey(typeof key === 'string' ? key : null)
    if (!verdict.ok) return refuseUpgrade(socket, 401, KEY_REASONS[verdict.refusal])
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#serve(opened, { wire: socket, vsn, keyAccess: verdict.access }))
  }

  #serve(socket: WebSocket, { wire, vsn, keyAccess }: { wire: Duplex; vsn: Vsn; keyAccess: Access }): void {
    const connection = new Connection({
      ...this.#settings,
      socket,
      wire,
      vsn,
      authorize: (token) => this.#gatekeeper.authorize(token, keyAccess),
      faults: () => this.#faults,
      mayRead: (name, access) => this.#fanOut.mayRead(name, access),
      countJoin: () => {
        if (this.#joins.isAbove) return false
        this.#joins.add()
        return true
      },
      entered: (channel, of) => this.#fanOut.enter(channel, of),
      left: (channel) => this.#fanOut.leave(channel),
      broadcast: (from, message) => this.#fanOut.relay(from, message),
    })
    this.#connections.add(connection)
    socket.on('close', () => this.#connections.delete(connection))
  }

  #deliver(change: FeedChange, heardAt: number): void {
    if (this.#faults.silent) return
    const encoded = new EncodedChange(() => changeData(change, change.committedAt ?? new Date(heardAt).toISOString()))
    const isDropped = () => this.#settings.random() < this.#faults.dropRate
    for (const connection of this.#connections) connection.deliver(change, encoded, isDropped)
  }

  #expireTokens(): void {
    for (const channel of this.#channels()) {
      if (channel.access.token === null) continue
      this.#gatekeeper.endToken(channel.access.token)
      channel.shutdown('Token has expired 0 seconds ago')
    }
  }

  #channels(): Channel[] {
    return [...this.#connections].flatMap((connection) => connection.channels())
  }

  #cutAll(): void {
    for (const connection of this.#connections) connection.cut()
  }
}

function withDefaults(options: RealtimeGatewayOptions): Settings {
  const { anonKey = 'demo-anon-key', path = '/realtime/v1', publication = TABLES, systemDelayMs = 50 } = options
  const { tenantOf = tenantOfClaims, clock = systemClock, random = Math.random, feed, verify } = options
  const { messages = messagesOfChanges(oneByOne(feed)), policy = ownOrganisation(tenantOf) } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  return { feed, messages, policy, limits, verify, anonKey, path, publication, systemDelayMs, tenantOf, clock, random }
}

function oneByOne(feed: ChangeFeed): ChangeBatches {
  return { subscribe: (onChanges) => feed.subscribe((change) => onChanges([change])) }
}

function isVsn(text: string): text is Vsn {
  return (VSNS as readonly string[]).includes(text)
}
