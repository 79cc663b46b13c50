import type { Broadcast } from './Broadcast.js'
import { encodeBroadcast, LONGEST_PART_BYTES } from './binaryBroadcast.js'
import { encodeFrame, type Vsn } from './Frame.js'
import { socketFrame } from './socketFrame.js'

/** One broadcast as each serializer writes it, written and framed once for all who hear it. */
export class EncodedBroadcast {
  readonly #message: Broadcast
  readonly #frames = new Map<Vsn, Buffer | null>()

  constructor(message: Broadcast) {
    this.#message = message
  }

  /** Null for what a serializer cannot say: bytes in an object, a long name in a binary frame. */
  in(vsn: Vsn): Buffer | null {
    const known = this.#frames.get(vsn)
    if (known !== undefined) return known
    const message = vsn === '2.0.0' ? asBytes(this.#message) : asObject(this.#message)
    const frame = message === null ? null : socketFrame(message)
    this.#frames.set(vsn, frame)
    return frame
  }
}

function asBytes(message: Broadcast): Buffer | null {
  const topic = `realtime:${message.topic}`
  return Buffer.byteLength(topic) > LONGEST_PART_BYTES || Buffer.byteLength(message.event) > LONGEST_PART_BYTES
    ? null
    : encodeBroadcast({ ...message, topic })
}

function asObject({ topic, event, body, isJson, id }: Broadcast): string | null {
  if (!isJson) return null
  const payload = {
    event,
    payload: JSON.parse(body.toString('utf8')) as unknown,
    type: 'broadcast',
    ...(id === undefined ? {} : { meta: { id } }),
  }
  return encodeFrame('1.0.0', { joinRef: null, ref: null, topic: `realtime:${topic}`, event: 'broadcast', payload })
}
