import { type DemoUserKey, isDemoUserKey } from './demoUsers.js'

// Of this tab alone, so that ana and ben can stand side by side in two tabs of one browser.
const USER = 'session:user'
const TOKEN = 'session:token'
/** A token this close to its end is renewed before it is used. */
const RENEW_BEFORE_MS = 60_000

const listeners = new Set<() => void>()
let signingIn: Promise<string> | null = null

/** Who is signed in in this tab. */
export function getUser(): DemoUserKey {
  const user = sessionStorage.getItem(USER)
  return isDemoUserKey(user) ? user : 'ana'
}

export function subscribeUser(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Signs this tab in as someone else. */
export function setUser(user: DemoUserKey): void {
  sessionStorage.setItem(USER, user)
  sessionStorage.removeItem(TOKEN)
  signingIn = null
  for (const listener of listeners) listener()
}

/**
 * The access token of this tab's user, renewed when it is about to end or was refused.
 * @throws {Error} when the sign-in cannot be reached; nothing may then be sent under the browser's shared cookie
 */
export async function getAccessToken({ forceRefresh = false } = {}): Promise<string> {
  const token = sessionStorage.getItem(TOKEN)
  if (!forceRefresh && token !== null && endsAt(token) - Date.now() > RENEW_BEFORE_MS) return token
  signingIn ??= signIn(getUser()).finally(() => {
    signingIn = null
  })
  return signingIn
}

async function signIn(user: DemoUserKey): Promise<string> {
  const headers = { 'Content-Type': 'application/json' }
  // `omit`: the cookie that comes with the token would sign in the other tabs as well.
  const response = await fetch('/_stand-ins/token', { method: 'POST', credentials: 'omit', headers, body: JSON.stringify({ user }) })
  if (!response.ok) throw new Error(`Signing in as ${user} failed: the demo answered ${response.status}. Is it running?`)
  const { access_token: token } = (await response.json()) as { access_token: string }
  // Someone else may have been chosen meanwhile; their token is not to be overwritten.
  if (user === getUser()) sessionStorage.setItem(TOKEN, token)
  return token
}

/**
 * Who this tab's token names. Asked here and not at the server, because the browser remembers one
 * answer for all tabs, and each tab may be somebody else.
 * @throws {Error} as {@link getAccessToken}
 */
export async function getIdentity(): Promise<{ actor: string; tenant: string }> {
  const { sub, app_metadata: metadata } = claimsOf(await getAccessToken())
  if (sub === undefined || metadata?.org_id === undefined) throw new Error('The demo gave a token that names nobody.')
  return { actor: sub, tenant: metadata.org_id }
}

interface Claims {
  sub?: string
  exp?: number
  app_metadata?: { org_id?: string }
}

/** When a token ends, in epoch ms; 0 when that cannot be read, so that it is renewed. */
function endsAt(token: string): number {
  return (claimsOf(token).exp ?? 0) * 1_000
}

function claimsOf(token: string): Claims {
  try {
    const payload = token.split('.')[1] ?? ''
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Claims
  } catch {
    return {}
  }
}
