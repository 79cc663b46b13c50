import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from './Cluster.js'
import type { Answer } from './wholeAnswer.js'

/** One click, sent again with its key until something final stands, as the client's queue does. */
export interface Click {
  key: string
  path: string
  body: unknown
}

export interface ClickResult {
  status: number
  text: string
  attempts: number
  /** Longest single attempt. */
  longestMs: number
}

const LONGEST_ATTEMPT_MS = 20_000
const RETRY_MS = 50

/** Sends one attempt; null when no answer came. */
export async function attempt(cluster: Cluster, click: Click, member: number): Promise<Answer | null> {
  const { replica } = cluster.members[member] ?? {}
  const sent = fetch(`${replica?.url}${click.path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json', 'idempotency-key': click.key },
    body: JSON.stringify(click.body ?? {}),
    signal: AbortSignal.timeout(LONGEST_ATTEMPT_MS),
  })
  // Whatever goes wrong below HTTP: the click may have arrived or not.
  const answer = await sent.then(async (response) => ({ response, text: await response.text() })).catch(() => null)
  if (answer === null) return null
  const { response, text } = answer
  if (response.headers.get('idempotency-key') !== click.key) throw new Error(`The answer ${response.status} does not echo its key`)
  const seen = { status: response.status, text, recorded: response.headers.get('idempotency-outcome') === 'recorded' }
  // What is asked of an address that is no action's has no outcome of the click.
  if (!click.path.startsWith('/api/mutations/')) cluster.witness.saw(click.key, seen)
  return seen
}

/** Clicks until the outcome is recorded, beginning at `member` and moving on to the next with each failure. */
export async function clickUntilRecorded(cluster: Cluster, click: Click, { member = 0, withinMs = 60_000 } = {}): Promise<ClickResult> {
  const deadline = performance.now() + withinMs
  let longestMs = 0
  for (let attempts = 1; performance.now() < deadline; attempts += 1) {
    const startedAt = performance.now()
    const answer = await attempt(cluster, click, (member + attempts - 1) % cluster.members.length)
    longestMs = Math.max(longestMs, performance.now() - startedAt)
    if (answer?.recorded) return { status: answer.status, text: answer.text, attempts, longestMs }
    await wait(RETRY_MS)
  }
  throw new Error(`click ${click.key}: nothing recorded within ${withinMs} ms`)
}

let clicks = 0

export function aClick(path: string, body: unknown): Click {
  clicks += 1
  return { key: `click-${process.pid}-${Date.now()}-${String(clicks).padStart(6, '0')}`, path, body }
}

/** Puts `count` pending appointments and as many leads in; returns their ids. */
export async function addRows(cluster: Cluster, prefix: string, count: number): Promise<{ appointments: string[]; leads: string[] }> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
  await cluster.sql.query(
    `insert into public.leads (id, org_id, name, phone, status)
     select id, 'org-1', 'Lead', '+1202555' || lpad((n % 10000)::text, 4, '0'), 'new' from unnest($1::text[]) with ordinality as t (id, n)`,
    [ids.map((id) => `lead-${id}`)],
  )
  await cluster.sql.query(
    `insert into public.appointments (id, org_id, title, scheduled_at, status)
     select id, 'org-1', 'Appointment', now(), 'pending' from unnest($1::text[]) as t (id)`,
    [ids.map((id) => `apt-${id}`)],
  )
  return { appointments: ids.map((id) => `apt-${id}`), leads: ids.map((id) => `lead-${id}`) }
}
