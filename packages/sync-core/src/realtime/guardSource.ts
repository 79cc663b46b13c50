import type { ChangeSource } from '../ports/ChangeSource.js'
import { describeError, type Report } from '../telemetry/report.js'

/**
 * A source of the host's is somebody else's code: what it throws makes a feed lost (and polled) instead of breaking
 * the component that subscribed, and is told.
 */
export function guardSource(source: ChangeSource, report: Report): ChangeSource {
  const guarded = (what: string, call: () => unknown): void => {
    const tell = (error: unknown) => report('CHANNEL_FAILED', `The change source failed to ${what}. ${describeError(error)}`)
    try {
      Promise.resolve(call()).catch(tell)
    } catch (error) {
      tell(error)
    }
  }

  return {
    join: (table, handlers) => {
      try {
        const leave = source.join(table, handlers)
        return () => guarded(`leave "${table}"`, leave)
      } catch (error) {
        handlers.onStatus('lost', describeError(error))
        return () => {}
      }
    },
    refreshAuth: async () => guarded('take a fresh token', () => source.refreshAuth()),
    setUser: (user) => guarded('change the user', () => source.setUser?.(user)),
    close: () => guarded('close', () => source.close()),
  }
}
