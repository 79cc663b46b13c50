import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { seeded, TROUBLES } from './Chaos.js'
import { type Cluster, startCluster } from './Cluster.js'
import { aClick, addRows, attempt, type Click, type ClickResult, clickUntilRecorded } from './click.js'

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
const CLICKS = Number(process.env.CHAOS_CLICKS ?? 400)
const AT_ONCE = 12
const PATIENCE_MS = 180_000
/** After this the trouble ends, so that circuits close again and what waits goes out. */
const TROUBLE_MS = 8_000

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ size: 3 })
  // Looking up lost SMS after seconds instead of minutes; the rules are the same.
  await cluster.sql.query("update sync.sms_settings set listing_delays = array['2 s', '4 s', '6 s']::interval[]")
}, 120_000)

afterAll(() => cluster.stop(), 60_000)

/** Runs `work` over all clicks, a few at once. */
async function each<T>(clicks: readonly T[], work: (click: T, index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < clicks.length; index = next++) await work(clicks[index] as T, index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Carries all clicks out, each with its own duplicates, while `disturb` goes on. Returns what each was answered. */
async function clickThrough(
  clicks: readonly Click[],
  { random, disturb, troubleMs }: { random: () => number; disturb: () => Promise<void>; troubleMs: number },
): Promise<Map<Click, ClickResult>> {
  const results = new Map<Click, ClickResult>()
  let done = false
  const endsAt = performance.now() + troubleMs
  const trouble = (async () => {
    while (!done && performance.now() < endsAt) await disturb()
  })()
  await each(clicks, async (click, index) => {
    // A second tab, or an impatient retry, at the same moment on another replica.
    const duplicate = random() < 0.3 ? attempt(cluster, click, index + 1) : Promise.resolve(null)
    const result = await clickUntilRecorded(cluster, click, { member: index, withinMs: PATIENCE_MS })
    const other = await duplicate
    if (other?.recorded) expect(other.text).toBe(result.text)
    results.set(click, result)
  })
  done = true
  await trouble
  return results
}

/** What must be true after any trouble. */
async function expectOneEffectEach(results: Map<Click, ClickResult>): Promise<void> {
  for (const { replica } of cluster.members) expect(replica.isAlive).toBe(true)
  expect(Math.max(...[...results.values()].map(({ longestMs }) => longestMs))).toBeLessThan(15_000)
  const clicks = [...results.keys()]
  await each(clicks, async (click, index) => {
    const result = results.get(click)
    expect([result?.status, (await clickUntilRecorded(cluster, click, { member: index + 1 })).text]).toEqual([200, result?.text])
  })
  const keys = clicks.map(({ key }) => key)
  const { rows: ledger } = await cluster.sql.query('select count(*)::int as rows from sync.ledger where key = any ($1)', [keys])
  expect(ledger).toEqual([{ rows: clicks.length }])
  const { rows: confirmed } = await cluster.sql.query(
    'select sync_version::int as version, count(*)::int as rows from public.appointments where sync_key = any ($1) group by 1',
    [keys],
  )
  const bookings = clicks.filter(({ path }) => path.startsWith('/api/bookings')).length
  expect(confirmed).toEqual(bookings === 0 ? [] : [{ version: 2, rows: bookings }])
  const texts = clicks.flatMap(({ body }) => ('message' in (body as object) ? [(body as { message: string }).message] : []))
  const sent = new Map<string, number>()
  for (const { body } of cluster.twilio.messages()) sent.set(body, (sent.get(body) ?? 0) + 1)
  expect(texts.map((text) => [text, sent.get(text)])).toEqual(texts.map((text) => [text, 1]))
}

async function mixedClicks(name: string, count: number): Promise<Click[]> {
  const { appointments, leads } = await addRows(cluster, name, count)
  return appointments.map((appointmentId, index) =>
    index % 4 === 0
      ? aClick('/api/leads/send-sms', { leadId: leads[index], message: `${name} ${index}` })
      : aClick('/api/bookings/confirm', { appointmentId }),
  )
}

describe('three replicas under load', () => {
  it.each(TROUBLES.map((trouble) => [trouble.name, trouble] as const))(
    'while %s, again and again',
    async (name, trouble) => {
      const random = seeded(SEED)
      const clicks = await mixedClicks(name.replaceAll(/[^a-zA-Z0-9]+/g, '-'), 120)
      const disturb = async () => {
        await trouble.run(cluster, random)
        await wait(500)
      }
      const results = await clickThrough(clicks, { random, disturb, troubleMs: TROUBLE_MS })
      await cluster.twilio.setFaults()
      await expectOneEffectEach(results)
    },
    PATIENCE_MS * 3,
  )

  it(
    `while everything happens at random (CHAOS_SEED=${SEED})`,
    async () => {
      const random = seeded(SEED)
      const disturb = async () => {
        await TROUBLES[Math.floor(random() * TROUBLES.length)]?.run(cluster, random)
        await wait(200 + random() * 600)
      }
      const results = await clickThrough(await mixedClicks('random', CLICKS), { random, disturb, troubleMs: 5 * TROUBLE_MS })
      await cluster.twilio.setFaults()
      await expectOneEffectEach(results)
    },
    PATIENCE_MS * 10,
  )
})

describe('a replica that sleeps between writing "sending" and the call', () => {
  it('does not call with a lease that is nearly over, and the SMS goes out once', async () => {
    const [member] = cluster.members
    if (member === undefined) throw new Error('the cluster has no members')
    const { leads } = await addRows(cluster, 'asleep', 1)
    const message = `Asleep before the call ${SEED}`
    const held = member.postgres.holdAt('replies', 'claim_due_sms')
    const click = aClick('/api/leads/send-sms', { leadId: leads[0], message })
    // Whichever replica's dispatcher claims it: only the first one's answer is held.
    const first = attempt(cluster, click, 0)
    await held
    member.replica.freeze()
    member.postgres.release()
    await wait(9_000)
    member.replica.thaw()
    await first
    expect((await clickUntilRecorded(cluster, click, { member: 1 })).status).toBe(200)
    expect(cluster.twilio.messages().filter(({ body }) => body === message)).toHaveLength(1)
    expect(member.replica.lines.map(({ msg }) => msg)).toContain('SMS not attempted: too little of the lease was left')
  }, 60_000)
})
