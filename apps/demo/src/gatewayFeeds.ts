import type { ChangeFeed } from '@org/api'
import type { ChangeBatches, ChangeFeed as GatewayFeed } from '@org/stand-ins'

/** The API's change log as the realtime gateway reads it: changes one by one, and together as they were committed. */
export interface GatewayFeeds {
  /** For Postgres Changes. */
  feed: GatewayFeed
  /** For Broadcast. */
  batches: ChangeBatches
}

/**
 * Hands the API's change log to the realtime gateway.
 * @param onGap changes came that nobody can name any more: whoever is connected has to read the log itself
 */
export function gatewayFeeds(feed: ChangeFeed, onGap: () => void): GatewayFeeds {
  return {
    feed: {
      subscribe: (listener) =>
        feed.subscribe(
          (changes) => {
            for (const { tenant, change } of changes) listener({ ...change, tenant })
          },
          { onGap },
        ),
    },
    batches: {
      subscribe: (listener, onGapOfBatches) =>
        feed.subscribe((changes) => listener(changes.map(({ tenant, change }) => ({ ...change, tenant }))), { onGap: onGapOfBatches }),
    },
  }
}
