import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { type Access, JOIN_REASONS, type Verdict } from './access.js'
import type { Broadcast } from './Broadcast.js'
import { decodeBroadcastPush } from './binaryBroadcast.js'
import { echoBinding } from './binding.js'
import type { FeedChange } from './ChangeFeed.js'
import { Channel, type ChannelHost } from './Channel.js'
import type { EncodedBroadcast } from './EncodedBroadcast.js'
import type { EncodedChange } from './EncodedChange.js'
import { decodeFrame, encodeFrame, type Frame, type Vsn } from './Frame.js'
import { readJoin } from './joinPayload.js'

/** Hosted Supabase's limit. */
const MOST_CHANNELS = 100

/** An internal error, in WebSocket's numbers: what Phoenix closes with on a frame it cannot read. */
const UNREADABLE_FRAME = 1011

export interface ConnectionOptions extends Omit<ChannelHost, 'push' | 'forget'> {
  socket: WebSocket
  /** What lies below the socket, for frames that are ready. */
  wire: Duplex
  vsn: Vsn
  /** Whose access a token gives; without one, what the connection's API key may see. */
  authorize(token: string | null): Promise<Verdict>
  /** Whether the policies let somebody onto a private channel. */
  mayRead(name: string, access: Access): Promise<boolean>
  /** Counts a join; false when there were too many. */
  countJoin(): boolean
  /** The channel is joined. */
  entered(channel: Channel, connection: Connection): void
  left(channel: Channel): void
  /** Hands a client's broadcast to every other channel of its topic. */
  broadcast(from: Channel, message: PushedBroadcast): Promise<'sent' | 'too large' | 'refused'>
}

/** What a client says on a channel it has joined. */
export type PushedBroadcast = Pick<Broadcast, 'event' | 'isJson' | 'body'>

/** One WebSocket: its joined channels, and frames in the order they came. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #channels = new Map<string, Channel>()
  readonly #host: ChannelHost
  // A join waits for its token's check; whatever the client sends meanwhile waits for the join.
  #turn: Promise<void> = Promise.resolve()

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#host = {
      ...options,
      push: (frame) => this.#push(frame),
      forget: (channel) => {
        options.left(channel)
        if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic)
      },
    }
    const { socket } = options
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary))
    socket.on('close', () => this.#dispose())
    // A socket error is always followed by "close", which cleans up; without a listener it would end the process.
    socket.on('error', () => undefined)
  }

  channels(): Channel[] {
    return [...this.#channels.values()]
  }

  /** Sends `change` to each channel that asked for it and may see it. */
  deliver(change: FeedChange, encoded: EncodedChange, isDropped: () => boolean): void {
    for (const channel of this.#channels.values()) {
      const ids = channel.idsFor(change)
      if (ids.length === 0 || isDropped()) continue
      this.#writeFrame(encoded.for(this.#options.vsn, channel.topic, ids))
    }
  }

  /** Sends somebody's broadcast. */
  hear(message: EncodedBroadcast): void {
    const frame = message.in(this.#options.vsn)
    if (frame !== null) this.#writeFrame(frame)
  }

  /** Cuts the socket without a goodbye. */
  cut(): void {
    this.#options.socket.terminate()
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#turn = this.#turn
      .then(() => (isBinary ? this.#handleBinary(data) : this.#handleText(data.toString('utf8'))))
      .catch(() => this.#options.socket.close(UNREADABLE_FRAME))
  }

  async #handleText(text: string): Promise<void> {
    const frame = decodeFrame(this.#options.vsn, text)
    if (frame === null) return this.#options.socket.close(UNREADABLE_FRAME)
    if (frame.topic === 'phoenix') return this.#reply(frame, 'ok', {})
    if (frame.event === 'phx_join') return this.#join(frame)
    const channel = this.#channels.get(frame.topic)
    if (frame.event === 'phx_leave') return this.#leave(frame, channel)
    if (channel === undefined) return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    if (isStale(frame, channel)) return
    if (frame.event === 'access_token') return this.#refresh(channel, frame.payload.access_token)
    if (frame.event === 'broadcast') return this.#broadcast(channel, frame, jsonBroadcast(frame.payload))
    if (frame.event === 'presence') this.#reply(frame, 'ok', {})
  }

  async #handleBinary(bytes: Buffer): Promise<void> {
    const push = decodeBroadcastPush(bytes)
    const channel = push === null ? undefined : this.#channels.get(push.topic)
    if (push === null) this.#options.socket.close(UNREADABLE_FRAME)
    else if (channel !== undefined) return this.#broadcast(channel, push, push)
  }

  async #join(frame: Frame): Promise<void> {
    if (!frame.topic.startsWith('realtime:')) return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    if (frame.topic === 'realtime:') return this.#reply(frame, 'error', { reason: 'TopicNameRequired: You must provide a topic name' })
    // Joining again replaces the earlier join, as Phoenix does.
    this.#channels.get(frame.topic)?.close()
    if (!this.#options.countJoin()) return this.#refuseJoins(frame)
    if (this.#channels.size >= MOST_CHANNELS) return this.#reply(frame, 'error', { reason: 'ChannelRateLimitReached: Too many channels' })
    const request = readJoin(frame.payload)
    const verdict = await this.#options.authorize(request.accessToken)
    if (!verdict.ok) return this.#reply(frame, 'error', { reason: JOIN_REASONS[verdict.refusal] })
    const name = frame.topic.slice('realtime:'.length)
    if (request.isPrivate && !(await this.#options.mayRead(name, verdict.access)))
      return this.#reply(frame, 'error', { reason: `Unauthorized: ${mayNotRead(name)}` })
    if (this.#options.socket.readyState !== this.#options.socket.OPEN) return
    this.#reply(frame, 'ok', { postgres_changes: request.bindings.map(echoBinding) })
    const channel = new Channel({ ...request, topic: frame.topic, joinRef: frame.joinRef, access: verdict.access }, this.#host)
    this.#channels.set(frame.topic, channel)
    this.#options.entered(channel, this)
  }

  /** The real server ends the connection too. */
  #refuseJoins(frame: Frame): void {
    this.#reply(frame, 'error', { reason: 'ClientJoinRateLimitReached: Too many joins per second' })
    this.#options.socket.close()
  }

  #leave(frame: Frame, channel: Channel | undefined): void {
    if (channel !== undefined && isStale(frame, channel)) return
    this.#reply(frame, 'ok', {})
    channel?.close()
  }

  async #refresh(channel: Channel, token: unknown): Promise<void> {
    // A publishable key is no token: real Supabase lets the channel keep the one it has.
    if (typeof token !== 'string' || token === channel.access.token || token.startsWith('sb_')) return
    const verdict = await this.#options.authorize(token)
    if (!verdict.ok) return channel.shutdown(JOIN_REASONS[verdict.refusal].replace(/^\w+: /, ''))
    if (channel.isPrivate && !(await this.#options.mayRead(channel.name, verdict.access))) return channel.shutdown(mayNotRead(channel.name))
    channel.refresh(verdict.access)
  }

  async #broadcast(channel: Channel, frame: Pick<Frame, 'joinRef' | 'ref' | 'topic'>, message: PushedBroadcast): Promise<void> {
    const outcome = await this.#options.broadcast(channel, message)
    // Whoever may not speak is not answered either.
    if (channel.ackBroadcast && outcome !== 'refused') this.#reply(frame, outcome === 'sent' ? 'ok' : 'error', {})
  }

  #reply(
    { joinRef, ref, topic }: Pick<Frame, 'joinRef' | 'ref' | 'topic'>,
    status: 'ok' | 'error',
    response: Record<string, unknown>,
  ): void {
    this.#write(encodeFrame(this.#options.vsn, { joinRef, ref, topic, event: 'phx_reply', payload: { status, response } }))
  }

  #push(frame: Frame): void {
    if (!this.#options.faults().silent) this.#write(encodeFrame(this.#options.vsn, frame))
  }

  #write(text: string): void {
    const { socket } = this.#options
    if (socket.readyState === socket.OPEN) socket.send(text)
  }

  #writeFrame(frame: Buffer): void {
    const { socket, wire } = this.#options
    if (socket.readyState === socket.OPEN) wire.write(frame)
  }

  #dispose(): void {
    for (const channel of this.#channels.values()) {
      channel.dispose()
      this.#options.left(channel)
    }
    this.#channels.clear()
  }
}

/** A message for an earlier join of the topic: the client raced a close it has been told of. */
function isStale(frame: Frame, channel: Channel): boolean {
  return channel.joinRef !== null && frame.joinRef !== channel.joinRef
}

function jsonBroadcast(payload: Record<string, unknown>): PushedBroadcast {
  return { event: String(payload.event ?? ''), isJson: true, body: Buffer.from(JSON.stringify(payload.payload ?? {})) }
}

function mayNotRead(name: string): string {
  return `You do not have permissions to read from this Channel topic: ${name}`
}
