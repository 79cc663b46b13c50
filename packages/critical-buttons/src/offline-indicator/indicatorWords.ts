import type { Formatter } from '../messages/format.js'
import type { IndicatorMessages } from '../messages/Messages.js'

/** English for OfflineIndicator. */
export function createIndicatorWords({ number, plural }: Formatter): IndicatorMessages {
  const actions = (count: number) => `${number(count)} ${plural(count, { one: 'action', other: 'actions' })}`
  return {
    offline: (pending) => (pending === 0 ? 'Offline' : `Offline, ${actions(pending)} waiting`),
    sending: (pending) => `Sending ${actions(pending)}`,
    waitingForSignIn: (pending) => `${actions(pending)} ${plural(pending, { one: 'waits for its', other: 'wait for their' })} sign-in`,
    waitingForServer: (pending) => `${actions(pending)} ${plural(pending, { one: 'waits', other: 'wait' })} for the server`,
    attention: (count) => `${actions(count)} ${plural(count, { one: 'needs', other: 'need' })} your attention`,
    allSent: 'All sent',
    backOnline: 'Back online',
    syncNow: 'Sync now',
  }
}
