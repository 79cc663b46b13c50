import type { SyncClient } from '../../src/SyncClient.js'
import type { HarnessTab, SyncHarness } from '../../src/testing/index.js'

/** The tab that a world begins with, as one among others: the world's own may become another one by a reload. */
export function firstTab({ client, tab, telemetry, warnings }: SyncHarness): HarnessTab {
  return { client, tab, telemetry, warnings }
}

/** Clicks are taken. */
export function isSignedIn({ getIdentity }: Pick<SyncClient, 'getIdentity'>): boolean {
  return ['remembered', 'confirmed'].includes(getIdentity().state)
}
