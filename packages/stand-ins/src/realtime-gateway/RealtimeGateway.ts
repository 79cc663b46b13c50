import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../time/Clock.js'
import type { TenantOf, TokenVerifier } from './access.js'
import type { MessageFeed } from './Broadcast.js'
import type { ChangeFeed } from './ChangeFeed.js'
import type { ChannelPolicy } from './ChannelPolicy.js'
import type { GatewayLimits } from './GatewayLimits.js'
import type { RealtimeFaults, RealtimeFaultsInput } from './realtimeFaults.js'

export interface RealtimeGatewayOptions {
  /** For Postgres Changes. */
  feed: ChangeFeed
  /** For Broadcast. @default what the triggers of a tracked table would send of each change of `feed`, alone */
  messages?: MessageFeed
  /** Who may join a private channel, and speak on it. @default a user the own organisation's, and only the service role speaks */
  policy?: ChannelPolicy
  /** What the plan allows. @default payloads of 256.5 kB, and no other limit */
  limits?: Partial<GatewayLimits>
  verify: TokenVerifier
  /** The project's public key. @default 'demo-anon-key' */
  anonKey?: string
  /** Where it is mounted; sockets connect to `<path>/websocket`. @default '/realtime/v1' */
  path?: string
  /** Tables of the publication `supabase_realtime`. @default the contracts' tables */
  publication?: readonly string[]
  /** From a join to its "Subscribed to PostgreSQL", before which no change flows. Milliseconds ≥ 0; 1 to 3 s in real life. @default 50 */
  systemDelayMs?: number
  /** The organisation in a token's claims. @default `app_metadata.org_id` */
  tenantOf?: TenantOf
  clock?: Clock
  /** Uniform in [0, 1); decides what `dropRate` drops. */
  random?: () => number
}

/** A channel somebody has joined. */
export interface JoinedChannel {
  topic: string
  /** The token's `sub`; null for the anonymous key. */
  actor: string | null
  /** True once changes flow. */
  live: boolean
}

/** Supabase Realtime on one machine, for the unmodified supabase-js: Broadcast from the database and Postgres changes. */
export interface RealtimeGateway {
  /** Serves the upgrades under its path; other paths are left to other listeners, or get 404 when there are none. Returns the detach. */
  attach(server: Server): () => void
  /** For servers with a dispatch of their own: takes the upgrade and returns true when the path is the gateway's. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  connectionCount(): number
  joined(): JoinedChannel[]
  /** The fault plan with its defaults. */
  faults(): RealtimeFaults
  /** Replaces the fault plan; without one, clears it. */
  setFaults(faults?: RealtimeFaultsInput): void
  /** Cuts all sockets, leaves the feed and the servers. */
  close(): void
}
