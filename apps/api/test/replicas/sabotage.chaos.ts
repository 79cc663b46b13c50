import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { seeded } from './Chaos.js'
import { type Cluster, startCluster } from './Cluster.js'
import { clickThrough, mixedClicks } from './clickThrough.js'
import { findWrongs } from './findWrongs.js'
import { startMixingProxy } from './MixingProxy.js'
import { ReplicaFollower } from './ReplicaFollower.js'

const CLICKS = 40

let cluster: Cluster
let runs = 0

beforeAll(async () => {
  cluster = await startCluster({ size: 2 })
}, 120_000)

afterAll(() => cluster.stop(), 60_000)

/** A calm run, with something made wrong before it or after it. */
async function wrongsOf({ before = async () => undefined, after = async () => undefined }: Sabotage = {}): Promise<string[]> {
  runs += 1
  const clicks = await mixedClicks(cluster, `sabotage-${runs}`, CLICKS)
  const follower = await ReplicaFollower.start(cluster)
  await before()
  const results = await clickThrough(cluster, clicks, { random: seeded(runs) })
  await after(clicks.map(({ key }) => key))
  return findWrongs(cluster, { results, follower })
}

interface Sabotage {
  before?: () => Promise<void>
  after?: (keys: string[]) => Promise<void>
}

/** Twilio takes a message that nobody handed over. */
async function acceptOnceMore(message: string, to: string): Promise<void> {
  const { url, accountSid, authToken, phoneNumber } = cluster.twilio
  await fetch(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({ To: to, From: phoneNumber, Body: message }),
  })
}

describe('the checks of a chaos run', () => {
  it('find nothing where nothing is wrong', async () => {
    expect(await wrongsOf()).toEqual([])
  }, 60_000)

  it('notice a ledger that forgets', async () => {
    const forget = async (keys: string[]) => {
      await cluster.sql.query('delete from sync.ledger where key = any ($1)', [keys.slice(13, 16)])
      await cluster.redis.command('FLUSHALL')
    }
    expect(await wrongsOf({ after: forget })).toContainEqual(expect.stringMatching(/and again ".*ALREADY_CONFIRMED/))
  }, 60_000)

  it('notice a message that Twilio took twice', async () => {
    const twice = async () => {
      const sent = cluster.twilio.messages().at(-1)
      await acceptOnceMore(sent?.body ?? '', sent?.to ?? '')
    }
    expect(await wrongsOf({ after: twice })).toEqual([expect.stringMatching(/^"sabotage-\d+ \d+" was sent 2 times$/)])
  }, 60_000)

  it('notice changes that the log dropped', async () => {
    const drop = async () => {
      await cluster.sql.query(`
        create function public.drop_change() returns trigger language plpgsql as 'begin return null; end';
        create trigger drop_changes before insert on sync.change_log for each row when (new.seq % 7 = 0) execute function public.drop_change()`)
    }
    const wrongs = await wrongsOf({ before: drop })
    await cluster.sql.query('drop trigger drop_changes on sync.change_log; drop function public.drop_change()')
    expect(wrongs).toContainEqual(expect.stringMatching(/^(appointments|leads) \S+: at \d+, told of \d+$/))
  }, 60_000)

  it('notice answers that were put together from two', async () => {
    const [member] = cluster.members
    if (member === undefined) throw new Error('the cluster has no members')
    const { replica } = member
    const proxy = await startMixingProxy(replica.url)
    member.replica = Object.create(replica, { url: { value: proxy.url } })
    const wrongs = await wrongsOf()
    member.replica = replica
    proxy.close()
    expect(wrongs).toContainEqual(expect.stringMatching(/: 200 says success: false$/))
  }, 60_000)
})
