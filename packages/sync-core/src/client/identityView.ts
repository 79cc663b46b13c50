import type { IdentityState } from '../identity/IdentityState.js'
import { scopeName } from '../identity/scopeName.js'
import type { WhoIsHere } from '../identity/WhoIsHere.js'
import type { Identity } from '../SyncClient.js'
import type { CurrentUser } from './CurrentUser.js'

const LOADING: Identity = { state: 'loading' }

/** Who is signed in, as components see it; the same object while nothing in it changed. */
export function identityViewer(whoIsHere: WhoIsHere, current: CurrentUser): () => Identity {
  let last: Identity = LOADING
  return () => {
    const next = toIdentity(whoIsHere.state, current.scope?.name)
    if (JSON.stringify(next) !== JSON.stringify(last)) last = next
    return last
  }
}

// A user whose queue is still being opened can do nothing yet.
function toIdentity(state: IdentityState, opened: string | undefined): Identity {
  const reason = state.reason === null ? {} : { reason: state.reason }
  switch (state.is) {
    case 'loading':
      return { state: 'loading', ...reason }
    case 'signed-out':
      return { state: 'signed-out', ...(state.reason === null ? {} : { reason: state.reason }) }
    case 'remembered':
    case 'confirmed':
      return opened === scopeName(state.user) ? { state: state.is, ...state.user, ...reason } : LOADING
    default:
      return state satisfies never
  }
}
