import type { Channel } from './Channel.js'
import type { Connection } from './Connection.js'

/** Who is on which channel, over all connections. */
export class Members {
  readonly #topics = new Map<string, Map<Channel, Connection>>()

  add(channel: Channel, connection: Connection): void {
    const key = keyOf(channel.name, channel.isPrivate)
    const members = this.#topics.get(key)
    if (members === undefined) this.#topics.set(key, new Map([[channel, connection]]))
    else members.set(channel, connection)
  }

  remove(channel: Channel): void {
    const key = keyOf(channel.name, channel.isPrivate)
    const members = this.#topics.get(key)
    members?.delete(channel)
    if (members?.size === 0) this.#topics.delete(key)
  }

  of({ topic, isPrivate }: { topic: string; isPrivate: boolean }): Iterable<readonly [Channel, Connection]> {
    return this.#topics.get(keyOf(topic, isPrivate)) ?? []
  }
}

function keyOf(topic: string, isPrivate: boolean): string {
  return `${isPrivate ? 'private' : 'public'} ${topic}`
}
