import type { Dependencies } from './dependencies.js'
import { cleanUp } from './services/cleanUp.js'

const EVERY_MS = 60 * 60 * 1_000

/** Deletes what is past its retention, once an hour. Every replica may: they share the work. */
export function startCleanUp({ database, log }: Pick<Dependencies, 'database' | 'log'>): { stop: () => Promise<void> } {
  const abort = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = cleanUp(database, { signal: abort.signal }).then(
      (deleted) => log.info({ deleted }, 'old records deleted'),
      (err: unknown) => log.warn({ err }, 'old records could not be deleted; the next turn tries again'),
    )
  }, EVERY_MS)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      abort.abort()
      await running
    },
  }
}
