import { useSyncClient } from '@org/critical-buttons'
import type { SupabaseClient } from '@supabase/supabase-js'
import { type FormEvent, useState } from 'react'
import { useIdentity } from './useIdentity.js'
import './passwordSession.css'

/** Signing in and out with Supabase Auth, where the demo runs on a real project. */
export function PasswordSession({ supabase }: { supabase: SupabaseClient }) {
  const client = useSyncClient()
  const identity = useIdentity()
  const [trouble, setTrouble] = useState<string | null>(null)

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const { error } = await supabase.auth.signInWithPassword({ email: String(form.get('email')), password: String(form.get('password')) })
    setTrouble(error?.message ?? null)
    await client.refreshIdentity()
  }

  async function signOut() {
    await client.signOut({ mode: 'keep' })
    await supabase.auth.signOut()
    await client.refreshIdentity()
  }

  if ('actor' in identity)
    return (
      <button type="button" className="plain-button" onClick={() => void signOut()}>
        Sign out
      </button>
    )
  return (
    <form className="password-session" onSubmit={(event) => void signIn(event)}>
      <input className="input" name="email" type="email" autoComplete="username" required placeholder="Email" aria-label="Email" />
      <input
        className="input"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        placeholder="Password"
        aria-label="Password"
      />
      <button type="submit" className="plain-button">
        Sign in
      </button>
      {trouble !== null && (
        <p className="badge" data-tone="bad" role="alert">
          {trouble}
        </p>
      )}
    </form>
  )
}
