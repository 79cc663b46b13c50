import type { ChangeFeed } from '@org/api'
import type { ChangeFeed as GatewayFeed } from '@org/stand-ins'

/**
 * Hands the API's change log to the realtime gateway, change by change.
 * @param onGap changes came that nobody can name any more: whoever is connected has to read the log itself
 */
export function gatewayFeed(feed: ChangeFeed, onGap: () => void): GatewayFeed {
  return {
    subscribe: (listener) =>
      feed.subscribe(
        (changes) => {
          for (const { tenant, change } of changes) listener({ ...change, tenant })
        },
        { onGap },
      ),
  }
}
