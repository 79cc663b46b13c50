import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'

/** What the browser believes about network and page. */
export function createBrowserConnectivity(): Connectivity {
  return {
    isOnline: () => navigator.onLine !== false,
    isVisible: () => document.visibilityState !== 'hidden',
    subscribe: (listener) => {
      const stop = new AbortController()
      const { signal } = stop
      const on = (target: EventTarget, type: string, event: (event: Event) => ConnectivityEvent | undefined) =>
        target.addEventListener(
          type,
          (heard) => {
            const told = event(heard)
            if (told !== undefined) listener(told)
          },
          { signal },
        )
      on(window, 'online', () => 'online')
      on(window, 'offline', () => 'offline')
      on(window, 'pagehide', () => 'pagehide')
      on(window, 'pageshow', (event) => ((event as PageTransitionEvent).persisted ? 'restored' : undefined))
      on(window, 'pageshow', () => 'visible')
      on(document, 'resume', () => 'restored')
      on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? 'hidden' : 'visible'))
      return () => stop.abort()
    },
  }
}
