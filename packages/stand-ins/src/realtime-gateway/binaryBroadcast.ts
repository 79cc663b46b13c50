/** A broadcast that a client pushes: in v2 frames these, and only these, are binary. */
export interface BroadcastPush {
  joinRef: string | null
  ref: string | null
  topic: string
  event: string
  isJson: boolean
  body: Buffer
}

/** Lengths are one byte. */
export const LONGEST_PART_BYTES = 255

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

/**
 * Writes kind 4: what the members of the topic receive. A message of the database says its `id` in the metadata.
 * @throws {RangeError} when the topic or the event is longer than {@link LONGEST_PART_BYTES}
 */
export function encodeBroadcast({
  topic,
  event,
  isJson,
  body,
  id,
}: Pick<BroadcastPush, 'topic' | 'event' | 'isJson' | 'body'> & { id?: string }): Buffer {
  const parts = [topic, event, id === undefined ? '' : JSON.stringify({ id })].map((part) => Buffer.from(part))
  const tooLong = parts.find((part) => part.length > LONGEST_PART_BYTES)
  if (tooLong !== undefined)
    throw new RangeError(`a part of a binary broadcast takes ${LONGEST_PART_BYTES} bytes, received ${tooLong.length}`)
  const head = Buffer.from([KIND_BROADCAST, ...parts.map((part) => part.length), isJson ? 1 : 0])
  return Buffer.concat([head, ...parts, body])
}
