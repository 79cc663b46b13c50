/** What goes to everybody on a channel, from the database or from one of them. */
export interface Broadcast {
  /** The channel's name, without `realtime:`. */
  topic: string
  event: string
  /** Bytes of JSON, or of whatever a client sent. */
  body: Buffer
  isJson: boolean
  /** Private channels and public ones of the same name are two. */
  isPrivate: boolean
  /** Of a message of the database. */
  id?: string
}

/** Where the gateway hears of the messages that the database sends, in commit order. */
export interface MessageFeed {
  /** Calls `listener` for every message from now on. Returns an idempotent unsubscribe. */
  subscribe(listener: (message: Broadcast) => void): () => void
}

/** As `realtime.send(payload, event, topic, private)` stores it and the real server hands it on: the payload gets the id. */
export function databaseMessage({
  id,
  topic,
  event,
  payload,
  isPrivate,
}: Pick<Broadcast, 'topic' | 'event' | 'isPrivate'> & { id: string; payload: Readonly<Record<string, unknown>> }): Broadcast {
  return { id, topic, event, isPrivate, isJson: true, body: Buffer.from(JSON.stringify({ id, ...payload })) }
}
