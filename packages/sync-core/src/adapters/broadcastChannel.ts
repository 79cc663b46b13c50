import type { OpenTabChannel, TabChannel } from '../ports/TabChannel.js'

/** The browser's BroadcastChannel; where there is none, or it is forbidden, each tab is alone and storage keeps them consistent. */
export const openBroadcastChannel: OpenTabChannel = (name) => {
  try {
    return channelOf(new BroadcastChannel(name))
  } catch {
    // An old browser, a sandboxed frame, or storage that is blocked.
    return LONELY
  }
}

function channelOf(channel: BroadcastChannel): TabChannel {
  return {
    post: (message) => {
      try {
        channel.postMessage(message)
      } catch {
        // Closed, or data that cannot be cloned: messages are hints, the others read storage.
      }
    },
    subscribe: (listener) => channel.addEventListener('message', (event) => listener(event.data)),
    close: () => channel.close(),
  }
}

const LONELY: TabChannel = { post: () => {}, subscribe: () => {}, close: () => {} }
