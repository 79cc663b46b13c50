import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { seeded, TROUBLES } from './Chaos.js'
import { type Cluster, startCluster } from './Cluster.js'
import { aClick, addRows, attempt, type Click, type ClickResult, clickUntilRecorded } from './click.js'
import { clickThrough, mixedClicks, PATIENCE_MS } from './clickThrough.js'
import { findWrongs } from './findWrongs.js'
import { ReplicaFollower } from './ReplicaFollower.js'
import { report } from './report.js'

const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000)
/** So many runs at random, each with the seed after the one before. */
const SEEDS = Number(process.env.CHAOS_SEEDS ?? 1)
const CLICKS = Number(process.env.CHAOS_CLICKS ?? 400)
/** Clicks under each kind of trouble by itself. */
const CLICKS_OF_ONE = 120
/** After this the trouble ends, so that circuits close again and what waits goes out. */
const TROUBLE_MS = 8_000
const RANDOM_TROUBLE_MS = Number(process.env.CHAOS_TROUBLE_MS ?? 40_000)

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ size: 3 })
  // Looking up lost SMS after seconds instead of minutes; the rules are the same.
  await cluster.sql.query("update sync.sms_settings set listing_delays = array['2 s', '4 s', '6 s']::interval[]")
}, 120_000)

afterAll(() => cluster.stop(), 60_000)

const attemptsIn = (results: Map<Click, ClickResult>) => [...results.values()].reduce((sum, { attempts }) => sum + attempts, 0)

describe('three replicas under load', () => {
  it.each(TROUBLES.map((trouble) => [trouble.name, trouble] as const))(
    'while %s, again and again',
    async (name, trouble) => {
      const random = seeded(SEED)
      const clicks = await mixedClicks(cluster, name.replaceAll(/[^a-zA-Z0-9]+/g, '-'), CLICKS_OF_ONE)
      const follower = await ReplicaFollower.start(cluster)
      const disturb = async () => {
        await trouble.run(cluster, random)
        await wait(500)
      }
      const results = await clickThrough(cluster, clicks, { random, disturb, troubleMs: TROUBLE_MS })
      await cluster.twilio.setFaults()
      expect(await findWrongs(cluster, { results, follower })).toEqual([])
    },
    PATIENCE_MS * 3,
  )

  it.each(Array.from({ length: SEEDS }, (_, index) => SEED + index))(
    'while everything happens at random (CHAOS_SEED=%d)',
    async (seed) => {
      const random = seeded(seed)
      const troubles: string[] = []
      const disturb = async () => {
        const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)]
        troubles.push(trouble?.name ?? '')
        await trouble?.run(cluster, random)
        await wait(200 + random() * 600)
      }
      const clicks = await mixedClicks(cluster, `random-${seed}`, CLICKS)
      const follower = await ReplicaFollower.start(cluster)
      const results = await clickThrough(cluster, clicks, { random, disturb, troubleMs: RANDOM_TROUBLE_MS })
      await cluster.twilio.setFaults()
      const wrongs = await findWrongs(cluster, { results, follower })
      await report('chaos', { seed, clicks: clicks.length, attempts: attemptsIn(results), troubles, wrongs })
      expect(wrongs).toEqual([])
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
    // It wakes up to a claim that took longer than a statement may, or to a lease that is nearly over: it calls in neither case.
    const whyNot = /^SMS (could not be dispatched now|not attempted: too little of the lease was left)/
    expect(member.replica.lines.map(({ msg }) => String(msg))).toContainEqual(expect.stringMatching(whyNot))
  }, 60_000)
})
