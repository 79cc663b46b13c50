import type { OpenTabChannel, TabChannel } from '../ports/TabChannel.js'

/** The browser's BroadcastChannel; where there is none, each tab is alone and storage keeps them consistent. */
export const openBroadcastChannel: OpenTabChannel = (name) => {
  if (typeof BroadcastChannel === 'undefined') return LONELY
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => {
      try {
        channel.postMessage(message)
      } catch {
        // Closed, or data that cannot be cloned: messages are hints, the others read storage.
      }
    },
    subscribe: (listener) => {
      const receive = (event: MessageEvent) => listener(event.data)
      channel.addEventListener('message', receive)
      return () => channel.removeEventListener('message', receive)
    },
    close: () => channel.close(),
  }
}

const LONELY: TabChannel = { post: () => {}, subscribe: () => () => {}, close: () => {} }
