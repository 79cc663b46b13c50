import { Router } from 'express'
import { SignJWT } from 'jose'
import type { RealtimePlace } from '../shared/desk.js'

/** Supabase Realtime as the app knows it; without it the page asks for changes every few seconds. */
export interface RealtimeSettings extends RealtimePlace {
  /** Signs what a browser may say of itself. */
  secret: string
}

export function readRealtimeSettings(env: NodeJS.ProcessEnv): RealtimeSettings | null {
  const { SUPABASE_URL: url, SUPABASE_ANON_KEY: key, SUPABASE_JWT_SECRET: secret } = env
  return url && key && secret ? { url, key, secret } : null
}

/** GET /realtime-token: who the person is, for ten minutes. What they may hear the database decides, by its memberships. */
export function realtimeRouter({ secret }: RealtimeSettings): Router {
  const router = Router()
  router.get('/realtime-token', async ({ session }, res) => {
    if (session.personId === undefined) return void res.status(401).json({ token: null })
    const token = await new SignJWT({ role: 'authenticated' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(session.personId)
      .setExpirationTime('10 minutes')
      .sign(new TextEncoder().encode(secret))
    res.set('Cache-Control', 'no-store').json({ token })
  })
  return router
}
