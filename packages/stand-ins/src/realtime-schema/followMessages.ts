import { type Broadcast, databaseMessage, type MessageFeed } from '../realtime-gateway/Broadcast.js'

const CHANNEL = 'realtime_messages'

/**
 * Tells of each committed message, which the real server learns from the replication log. For databases with
 * `REALTIME_SCHEMA` that a gateway shall follow; run once, as the owner of the schema.
 */
export const REALTIME_NOTICES = `
create function realtime.tell_of_message() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('${CHANNEL}', new.id::text);
  return null;
end
$$;
create trigger tell_of_message after insert on realtime.messages for each row execute function realtime.tell_of_message();
`

/** A connection of its own to a database with {@link REALTIME_NOTICES}: both `pg` and PGlite can be one. */
export interface MessageConnection {
  /** Calls `heard` with each notice on the channel, and starts listening. Returns the end of it. */
  listen(channel: string, heard: (payload: string) => void): () => void
  query(text: string, values: readonly string[]): Promise<readonly Record<string, unknown>[]>
}

/** Follows `realtime.messages`: what is sent while nobody follows is lost, as with the real server. */
export function followMessages(connection: MessageConnection, onError: (error: unknown) => void = () => undefined): MessageFeed {
  return {
    subscribe(listener) {
      // One after the other, in the order they were committed.
      let turn: Promise<void> = Promise.resolve()
      return connection.listen(CHANNEL, (id) => {
        turn = turn.then(async () => listener(await read(connection, id))).catch(onError)
      })
    },
  }
}

async function read(connection: MessageConnection, id: string): Promise<Broadcast> {
  const [row] = await connection.query('select topic, event, payload, private from realtime.messages where id = $1', [id])
  if (row === undefined) throw new Error(`There is no message ${id} in realtime.messages.`)
  const { topic, event, payload, private: isPrivate } = row
  return databaseMessage({
    id,
    topic: String(topic),
    event: String(event),
    payload: payload as Record<string, unknown>,
    isPrivate: isPrivate === true,
  })
}
