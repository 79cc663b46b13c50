import { describeError, type Report } from '../telemetry/report.js'

/** Listeners by key: telling one key costs what that key's listeners cost, however many other keys there are. */
export interface Listeners<News = void> {
  /** Returns an idempotent unsubscribe. The same function may be added twice and is then called twice. */
  add(key: string, listener: (news: News) => void): () => void
  /** Runs the listeners of `key`. One that throws is reported and the others still run. */
  run(key: string, news: News): void
  keys(): readonly string[]
  /** True when anyone listens to `key`. */
  has(key: string): boolean
}

export function createListeners<News = void>(report: Report): Listeners<News> {
  const byKey = new Map<string, Set<{ listener: (news: News) => void }>>()

  return {
    add: (key, listener) => {
      const own = { listener }
      const present = byKey.get(key)
      if (present) present.add(own)
      else byKey.set(key, new Set([own]))
      return () => {
        const set = byKey.get(key)
        if (set?.delete(own) && set.size === 0) byKey.delete(key)
      }
    },
    run: (key, news) => {
      const set = byKey.get(key)
      if (!set) return
      for (const own of [...set]) {
        try {
          if (set.has(own)) own.listener(news)
        } catch (error) {
          report('LISTENER_THREW', { error: describeError(error) })
        }
      }
    },
    keys: () => [...byKey.keys()],
    has: (key) => byKey.has(key),
  }
}
