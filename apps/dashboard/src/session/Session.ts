import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Settings } from './settings.js'
import * as demo from './tabSession.js'

/** How this page is signed in. */
export interface Session {
  supabase: SupabaseClient
  /** Null when nobody is signed in. */
  getAccessToken: (options?: { forceRefresh?: boolean }) => Promise<string | null>
  /** Absent: the API is asked. */
  getIdentity?: () => Promise<{ actor: string; tenant: string }>
}

/** Connects to the sign-in the settings name. */
export function connectSession(settings: Settings): Session {
  if (settings.demoSignIn) {
    const options = { accessToken: demo.getAccessToken }
    const supabase = createClient(settings.supabaseUrl, settings.supabaseAnonKey, options)
    return { supabase, getAccessToken: demo.getAccessToken, getIdentity: demo.getIdentity }
  }
  const supabase = createClient(settings.supabaseUrl, settings.supabaseAnonKey)
  return {
    supabase,
    getAccessToken: async () => {
      const { data, error } = await supabase.auth.getSession()
      // Not reachable is not signed out.
      if (error) throw error
      return data.session?.access_token ?? null
    },
  }
}
