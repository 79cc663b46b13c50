import { createSupabaseChangeSource, type SupabaseChangeSourceOptions } from '../adapters/supabaseChangeSource.js'
import type { ChangeSource } from '../ports/ChangeSource.js'
import { createSharedChangeSource, type SharedChangeSourceOptions } from '../realtime/createSharedChangeSource.js'

/** Supabase Realtime, one connection for all tabs of a user. Loaded by clients that are given `supabase`, and by no other. */
export function connectSupabase(options: SupabaseChangeSourceOptions & Omit<SharedChangeSourceOptions, 'source'>): ChangeSource {
  return createSharedChangeSource({ ...options, source: createSupabaseChangeSource(options) })
}
