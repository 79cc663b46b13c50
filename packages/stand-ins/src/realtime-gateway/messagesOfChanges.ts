import { randomUUID } from 'node:crypto'
import { type Broadcast, databaseMessage, type MessageFeed } from './Broadcast.js'
import type { FeedChange } from './ChangeFeed.js'

// As the triggers of the API's database have it.
const MOST_CHANGES = 50
const MOST_BYTES = 200_000
const LONGEST_TOPIC_BYTES = 246

/** Where changes come from that were committed together. */
export interface ChangeBatches {
  /** `onGap`: changes came that nobody can name any more. */
  subscribe(onChanges: (changes: readonly FeedChange[]) => void, onGap: () => void): () => void
}

/**
 * What the triggers of a tracked table would have sent, where the database has no schema `realtime`: one message a table
 * and organisation of each batch, on the private channel `sync:<table>:<organisation>`; above 50 changes or 200 kB a hint.
 * After a gap a hint goes to every channel that heard something before.
 */
export function messagesOfChanges(batches: ChangeBatches): MessageFeed {
  return {
    subscribe: (listener) => {
      const known = new Set<string>()
      return batches.subscribe(
        (changes) => {
          for (const [topic, ofTopic] of byTopic(changes)) {
            known.add(topic)
            listener(message(topic, payloadOf(ofTopic)))
          }
        },
        () => {
          for (const topic of known) listener(message(topic, { hint: true }))
        },
      )
    },
  }
}

function byTopic(changes: readonly FeedChange[]): Map<string, FeedChange[]> {
  const topics = new Map<string, FeedChange[]>()
  for (const change of changes) {
    if (change.tenant === null) continue
    const topic = `sync:${change.table}:${change.tenant}`
    if (Buffer.byteLength(topic) > LONGEST_TOPIC_BYTES) continue
    topics.set(topic, [...(topics.get(topic) ?? []), change])
  }
  return topics
}

function payloadOf(changes: readonly FeedChange[]): Record<string, unknown> {
  const payload = { changes: changes.map(({ tenant: _, committedAt: __, ...change }) => change) }
  const isTooMuch = changes.length > MOST_CHANGES || Buffer.byteLength(JSON.stringify(payload)) > MOST_BYTES
  return isTooMuch ? { hint: true } : payload
}

function message(topic: string, payload: Record<string, unknown>): Broadcast {
  return databaseMessage({ id: randomUUID(), topic, event: 'change', payload, isPrivate: true })
}
