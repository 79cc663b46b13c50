import type { Broadcast, MessageFeed } from '../../src/index.js'
import { databaseMessage } from '../../src/realtime-gateway/Broadcast.js'

/** A database that sends what a test says. */
export class FakeMessages implements MessageFeed {
  readonly #listeners = new Set<(message: Broadcast) => void>()

  subscribe(listener: (message: Broadcast) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** As `realtime.send(payload, 'change', topic, isPrivate)`; returns the id it gets. */
  send(topic: string, payload: Record<string, unknown>, { isPrivate = true, id = 'a-message' } = {}): void {
    for (const listener of this.#listeners) listener(databaseMessage({ id, topic, event: 'change', payload, isPrivate }))
  }
}
