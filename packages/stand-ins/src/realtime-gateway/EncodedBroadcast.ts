import type { Broadcast } from './Broadcast.js'
import { encodeBroadcast, LONGEST_PART_BYTES } from './binaryBroadcast.js'
import { encodeFrame, type Vsn } from './Frame.js'

/** One broadcast as each serializer writes it, written once for all who hear it. */
export class EncodedBroadcast {
  readonly #message: Broadcast
  #object: string | null | undefined
  #binary: Buffer | null | undefined

  constructor(message: Broadcast) {
    this.#message = message
  }

  /** Null for what a serializer cannot say: bytes in an object, a long name in a binary frame. */
  in(vsn: Vsn): string | Buffer | null {
    if (vsn === '2.0.0') {
      if (this.#binary === undefined) this.#binary = asBytes(this.#message)
      return this.#binary
    }
    if (this.#object === undefined) this.#object = asObject(this.#message)
    return this.#object
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
