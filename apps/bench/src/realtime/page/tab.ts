import { createSyncClient } from '@org/sync-core'
import { createClient } from '@supabase/supabase-js'

/** A tab of ana's that watches leads over the real client; the runner reads its state. */
export function openTab(token: string) {
  const seen: string[] = []
  const client = createSyncClient({
    getIdentity: () => ({ actor: 'user-456', tenant: 'org-1' }),
    supabase: createClient(location.origin, 'demo-anon-key', { accessToken: async () => token }),
  })
  client.realtime.subscribe('leads', (event) => seen.push(`${event.new?.id} ${event.new?.version}`))
  Object.assign(globalThis, { seen, stateOf: () => client.realtime.getState('leads').state })
}
