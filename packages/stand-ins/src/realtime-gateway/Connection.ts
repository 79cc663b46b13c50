import type { WebSocket } from 'ws'
import { JOIN_REASONS, type Verdict } from './access.js'
import { decodeBroadcastPush, encodeBroadcast } from './binaryBroadcast.js'
import { echoBinding } from './binding.js'
import type { FeedChange } from './ChangeFeed.js'
import { Channel, type ChannelHost } from './Channel.js'
import { decodeFrame, encodeChangeFrame, encodeFrame, type Frame, type Vsn } from './Frame.js'
import { readJoin } from './joinPayload.js'

/** Hosted Supabase's limit. */
const MOST_CHANNELS = 100

/** An internal error, in WebSocket's numbers: what Phoenix closes with on a frame it cannot read. */
const UNREADABLE_FRAME = 1011

export interface ConnectionOptions extends Omit<ChannelHost, 'push' | 'forget'> {
  socket: WebSocket
  vsn: Vsn
  /** Whose access a token gives; without one, what the connection's API key may see. */
  authorize(token: string | null): Promise<Verdict>
  /** Hands a broadcast to every other channel of its topic. */
  broadcast(from: Channel, message: { event: string; isJson: boolean; body: Buffer }): void
}

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

  /** Sends `change` to each channel that asked for it and may see it. `data` is its JSON. */
  deliver(change: FeedChange, data: () => string, isDropped: () => boolean): void {
    for (const channel of this.#channels.values()) {
      const ids = channel.idsFor(change)
      if (ids.length === 0 || isDropped()) continue
      this.#write(encodeChangeFrame(this.#options.vsn, channel.topic, ids, data()))
    }
  }

  /** Sends somebody's broadcast to this connection's channel of that topic. */
  hear(channel: Channel, message: { event: string; isJson: boolean; body: Buffer }): void {
    const { faults, vsn } = this.#options
    if (faults().silent) return
    if (vsn === '2.0.0') {
      this.#write(encodeBroadcast({ topic: channel.topic, ...message }))
      return
    }
    if (!message.isJson) return
    const payload = { type: 'broadcast', event: message.event, payload: JSON.parse(message.body.toString('utf8')) as unknown }
    this.#push({ joinRef: null, ref: null, topic: channel.topic, event: 'broadcast', payload })
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

  #handleBinary(bytes: Buffer): void {
    const push = decodeBroadcastPush(bytes)
    const channel = push === null ? undefined : this.#channels.get(push.topic)
    if (push === null) this.#options.socket.close(UNREADABLE_FRAME)
    else if (channel !== undefined) this.#broadcast(channel, push, push)
  }

  async #join(frame: Frame): Promise<void> {
    if (!frame.topic.startsWith('realtime:')) return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    if (frame.topic === 'realtime:') return this.#reply(frame, 'error', { reason: 'TopicNameRequired: You must provide a topic name' })
    // Joining again replaces the earlier join, as Phoenix does.
    this.#channels.get(frame.topic)?.close()
    if (this.#channels.size >= MOST_CHANNELS) return this.#reply(frame, 'error', { reason: 'ChannelRateLimitReached: Too many channels' })
    const request = readJoin(frame.payload)
    if (request.isPrivate) return this.#reply(frame, 'error', { reason: unauthorized(frame.topic) })
    const verdict = await this.#options.authorize(request.accessToken)
    if (!verdict.ok) return this.#reply(frame, 'error', { reason: JOIN_REASONS[verdict.refusal] })
    if (this.#options.socket.readyState !== this.#options.socket.OPEN) return
    this.#reply(frame, 'ok', { postgres_changes: request.bindings.map(echoBinding) })
    const channel = new Channel({ ...request, topic: frame.topic, joinRef: frame.joinRef, access: verdict.access }, this.#host)
    this.#channels.set(frame.topic, channel)
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
    if (verdict.ok) channel.refresh(verdict.access)
    else channel.shutdown(JOIN_REASONS[verdict.refusal].replace(/^\w+: /, ''))
  }

  #broadcast(
    channel: Channel,
    frame: Pick<Frame, 'joinRef' | 'ref' | 'topic'>,
    message: { event: string; isJson: boolean; body: Buffer },
  ): void {
    this.#options.broadcast(channel, message)
    if (channel.ackBroadcast) this.#reply(frame, 'ok', {})
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

  #write(data: string | Buffer): void {
    const { socket } = this.#options
    if (socket.readyState === socket.OPEN) socket.send(data)
  }

  #dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose()
    this.#channels.clear()
  }
}

/** A message for an earlier join of the topic: the client raced a close it has been told of. */
function isStale(frame: Frame, channel: Channel): boolean {
  return channel.joinRef !== null && frame.joinRef !== channel.joinRef
}

function jsonBroadcast(payload: Record<string, unknown>): { event: string; isJson: boolean; body: Buffer } {
  return { event: String(payload.event ?? ''), isJson: true, body: Buffer.from(JSON.stringify(payload.payload ?? {})) }
}

function unauthorized(topic: string): string {
  return `Unauthorized: You do not have permissions to read from this Channel topic: ${topic.slice('realtime:'.length)}`
}
