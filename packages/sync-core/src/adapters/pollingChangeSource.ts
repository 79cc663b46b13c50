import type { ChangeSource } from '../ports/ChangeSource.js'

/**
 * For teams without Supabase: nothing is pushed, so the service asks the change log every few seconds
 * while the page is visible, more rarely while it is hidden, and right after each acknowledged mutation.
 */
export function createPollingChangeSource(): ChangeSource {
  return {
    join: (_table, { onStatus }) => {
      onStatus('polling')
      return () => {}
    },
    refreshAuth: () => Promise.resolve(),
    close: () => {},
  }
}
