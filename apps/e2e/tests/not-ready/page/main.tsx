import { BookingConfirmButton, CriticalButtonsProvider } from '@org/critical-buttons'
import { type Clock, createSyncClient, type IdentityError } from '@org/sync-core'
import { createRoot } from 'react-dom/client'

const query = new URLSearchParams(location.search)
const identityErrors: IdentityError[] = []
Object.assign(globalThis, { identityErrors })

const SPEED = 20
const startedAt = Date.now()
/** It is asked again for half a minute before it counts as trouble that nobody answers. */
const clock: Clock = {
  now: () => startedAt + (Date.now() - startedAt) * SPEED,
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs / SPEED)
    return () => clearTimeout(timer)
  },
}

function clientFor(apiUrl: string) {
  const getAccessToken = () => {
    throw new Error('The sign-in service is away.')
  }
  return createSyncClient({
    apiUrl,
    clock,
    onIdentityError: (error) => identityErrors.push(error),
    ...(query.has('token-throws') ? { getAccessToken } : {}),
  })
}

const apiUrl = query.get('api')
const button = <BookingConfirmButton appointmentId="apt-123" />
createRoot(document.getElementById('root') as HTMLElement).render(
  apiUrl === null ? button : <CriticalButtonsProvider client={clientFor(apiUrl)}>{button}</CriticalButtonsProvider>,
)
