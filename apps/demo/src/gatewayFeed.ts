import type { ChangeFeed } from '@org/api'
import type { ChangeFeed as GatewayFeed } from '@org/stand-ins'

/** Hands the API's change log to the realtime gateway, change by change. */
export function gatewayFeed(feed: ChangeFeed): GatewayFeed {
  return {
    subscribe: (listener) =>
      feed.subscribe((changes) => {
        for (const { tenant, change } of changes) listener({ ...change, tenant })
      }),
  }
}
