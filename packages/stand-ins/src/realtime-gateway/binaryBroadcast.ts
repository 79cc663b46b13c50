/** A broadcast that a client pushes: in v2 frames these, and only these, are binary. */
export interface BroadcastPush {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  isJson: boolean
  body: Buffer
}

const KIND_PUSH = 3
const KIND_BROADCAST = 4

/**
 * Reads kind 3: one byte each for kind, the five lengths and the encoding, then join ref, ref, topic,
 * event, metadata, and the body to the end. Null when it is none.
 */
export function decodeBroadcastPush(bytes: Buffer): BroadcastPush | null {
  if (bytes.length < 7 || bytes[0] !== KIND_PUSH) return null
  const parts: Buffer[] = []
  let offset = 7
  for (const length of bytes.subarray(1, 6)) {
    parts.push(bytes.subarray(offset, offset + length))
    offset += length
  }
  if (offset > bytes.length) return null
  const [joinRef = '', ref = '', topic = '', event = ''] = parts.map((part) => part.toString('utf8'))
  return { joinRef: joinRef || null, ref: ref || null, topic, event, isJson: bytes[6] === 1, body: bytes.subarray(offset) }
}

/** Writes kind 4: what the other members of the topic receive. */
export function encodeBroadcast({ topic, event, isJson, body }: Pick<BroadcastPush, 'topic' | 'event' | 'isJson' | 'body'>): Buffer {
  const topicBytes = Buffer.from(topic)
  const eventBytes = Buffer.from(event)
  const head = Buffer.from([KIND_BROADCAST, topicBytes.length, eventBytes.length, 0, isJson ? 1 : 0])
  return Buffer.concat([head, topicBytes, eventBytes, body])
}
