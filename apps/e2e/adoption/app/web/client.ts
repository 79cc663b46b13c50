import { configureCriticalButtons } from '@org/critical-buttons'
import { createClient } from '@supabase/supabase-js'
import { dealApprove } from '../shared/dealApprove.js'
import type { RealtimePlace } from '../shared/desk.js'

/** With Realtime others' changes are shown at once; without it, within seconds. */
export function startButtons(realtime: RealtimePlace | null): void {
  const settings = { apiUrl: `${location.origin}/critical`, actions: [dealApprove] }
  configureCriticalButtons(realtime ? { ...settings, supabase: connect(realtime) } : settings)
}

/** The app's session is its own: for Realtime alone a person gets a token. */
function connect({ url, key }: RealtimePlace) {
  return createClient(url, key, {
    accessToken: async () => ((await (await fetch('/realtime-token')).json()) as { token: string | null }).token,
  })
}
