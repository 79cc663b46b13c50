import type { Cluster } from './Cluster.js'
import { type Click, type ClickResult, clickUntilRecorded } from './click.js'
import { each } from './clickThrough.js'
import type { ReplicaFollower } from './ReplicaFollower.js'

/** Longer than the route's limit and what is left of a connection's. Milliseconds. */
const LONGEST_ANSWER_MS = 15_000

export interface Aftermath {
  /** What each click was answered. */
  results: Map<Click, ClickResult>
  /** It followed from before the first click. */
  follower: ReplicaFollower
}

/** What may not be after any trouble, a line each: an effect missing or there twice, an answer of two writers, a change untold. */
export async function findWrongs(cluster: Cluster, { results, follower }: Aftermath): Promise<string[]> {
  const again = await clickedAgain(cluster, results)
  return [
    ...cluster.members.flatMap(({ replica }) => (replica.isAlive ? [] : [`${replica.url} has ended by itself: ${replica.lastWords}`])),
    ...[...results].flatMap(([{ key }, { longestMs }]) =>
      longestMs < LONGEST_ANSWER_MS ? [] : [`${key}: answered after ${longestMs} ms`],
    ),
    ...again,
    ...(await wrongRows(cluster, [...results.keys()])),
    ...wrongMessages(cluster, [...results.keys()]),
    ...cluster.witness.takeWrongs(),
    ...(await follower.missed()),
  ]
}

/** Each key gets its first answer again, from another replica. */
async function clickedAgain(cluster: Cluster, results: Map<Click, ClickResult>): Promise<string[]> {
  const wrongs: string[] = []
  await each([...results], async ([click, first], index) => {
    if (first.status !== 200) wrongs.push(`${click.key}: ${first.status} ${first.text}`)
    const again = await clickUntilRecorded(cluster, click, { member: index + 1 }).then(
      ({ text }) => text,
      (error: Error) => error.message,
    )
    if (again !== first.text) wrongs.push(`${click.key}: "${first.text}", and again "${again}"`)
  })
  return wrongs
}

async function wrongRows(cluster: Cluster, clicks: readonly Click[]): Promise<string[]> {
  const keys = clicks.map(({ key }) => key)
  const { rows: ledger } = await cluster.sql.query<{ rows: number }>('select count(*)::int as rows from sync.ledger where key = any ($1)', [
    keys,
  ])
  const bookings = clicks.filter(({ path }) => path.startsWith('/api/bookings'))
  const { rows: confirmed } = await cluster.sql.query<{ key: string; version: number }>(
    'select sync_key as key, sync_version::int as version from public.appointments where sync_key = any ($1)',
    [keys],
  )
  const versions = new Map(confirmed.map(({ key, version }) => [key, version]))
  return [
    ...(ledger[0]?.rows === clicks.length ? [] : [`the ledger holds ${ledger[0]?.rows} of ${clicks.length} keys`]),
    ...bookings.flatMap(({ key }) => (versions.get(key) === 2 ? [] : [`${key}: its row is at version ${versions.get(key)}`])),
  ]
}

function wrongMessages(cluster: Cluster, clicks: readonly Click[]): string[] {
  const sent = new Map<string, number>()
  for (const { body } of cluster.twilio.messages()) sent.set(body, (sent.get(body) ?? 0) + 1)
  return clicks.flatMap(({ body }) => {
    const { message } = body as { message?: string }
    if (message === undefined || sent.get(message) === 1) return []
    return [`"${message}" was sent ${sent.get(message) ?? 0} times`]
  })
}
