import type { ConnectivityView, Identity } from '@org/sync-core'
import type { IndicatorMessages } from '../messages/Messages.js'

/** `unknown`: nothing waits as far as can be seen, but nobody is signed in of whom it could be known, or storage cannot be looked at. */
export type IndicatorState = 'online' | 'offline' | 'sending' | 'waiting' | 'attention' | 'unknown'

/** Offline wins, then what needs a person. "All sent" is said only of somebody whose queue can be seen. Pure. */
export function indicatorState(
  { online, pendingCount, waitsForServer, attentionCount, waitingForSignIn, durability }: ConnectivityView,
  identity: Identity,
): IndicatorState {
  if (!online) return 'offline'
  if (attentionCount > 0) return 'attention'
  const isKnown = 'actor' in identity
  if (waitingForSignIn > 0) return 'waiting'
  if (pendingCount > 0) return isKnown && identity.reason === undefined && !waitsForServer ? 'sending' : 'waiting'
  return isKnown && durability === 'disk' ? 'online' : 'unknown'
}

/** The words of a state; of clicks whose owner is not signed in only how many there are. Pure. */
export function indicatorText(
  state: IndicatorState,
  { pendingCount, attentionCount, waitingForSignIn }: ConnectivityView,
  identity: Identity,
  words: IndicatorMessages,
): string {
  switch (state) {
    case 'offline':
      return words.offline(pendingCount + waitingForSignIn)
    case 'sending':
      return words.sending(pendingCount)
    case 'waiting':
      return (isForServer(identity) ? words.waitingForServer : words.waitingForSignIn)(pendingCount + waitingForSignIn)
    case 'attention':
      return words.attention(attentionCount)
    case 'online':
      return words.allSent
    case 'unknown':
      return ''
    default:
      return state satisfies never
  }
}

// Where it is certain who is signed in, nothing else is left to wait for.
function isForServer({ state, reason }: Identity): boolean {
  return reason === undefined ? state === 'confirmed' || state === 'remembered' : reason.startsWith('api-')
}
