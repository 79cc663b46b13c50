import { setTimeout as wait } from 'node:timers/promises'
import type { TwilioFaultsInput } from '@org/stand-ins'
import type { Cluster, Member } from './Cluster.js'

/** One kind of trouble: makes it, lets it last, and mends it. */
export interface Trouble {
  name: string
  run: (cluster: Cluster, random: () => number) => Promise<void>
}

const anyMember = (cluster: Cluster, random: () => number): Member => {
  const member = cluster.members[Math.floor(random() * cluster.members.length)]
  if (member === undefined) throw new Error('the cluster has no members')
  return member
}

const twilio = (faults: TwilioFaultsInput): Trouble => ({
  name: `Twilio ${JSON.stringify(faults)}`,
  run: async (cluster) => {
    await cluster.twilio.setFaults(faults)
    await wait(800)
    await cluster.twilio.setFaults()
  },
})

/** Everything that can happen to a cluster. */
export const TROUBLES: readonly Trouble[] = [
  {
    name: 'kill -9 of a replica',
    run: async (cluster, random) => {
      const member = anyMember(cluster, random)
      await member.replica.kill()
      await wait(300)
      await member.revive()
    },
  },
  {
    name: 'a replica sleeps for a second',
    run: async (cluster, random) => {
      const { replica } = anyMember(cluster, random)
      replica.freeze()
      await wait(1_000)
      replica.thaw()
    },
  },
  {
    name: 'the network to Postgres is cut',
    run: async (cluster, random) => anyMember(cluster, random).postgres.cut(),
  },
  {
    name: 'the network to Redis is cut',
    run: async (cluster, random) => anyMember(cluster, random).redis.cut(),
  },
  {
    name: 'Redis is killed and comes back empty',
    run: async (cluster) => {
      await cluster.redis.kill()
      await wait(500)
      await cluster.redis.restart()
    },
  },
  { name: 'Redis is flushed', run: async (cluster) => void (await cluster.redis.command('FLUSHALL')) },
  {
    name: 'Redis answers nothing for a second',
    run: async (cluster) => {
      cluster.redis.freeze()
      await wait(1_000)
      cluster.redis.thaw()
    },
  },
  {
    name: 'Redis is out of memory',
    run: async (cluster) => {
      await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '1')
      await wait(500)
      await cluster.redis.command('CONFIG', 'SET', 'maxmemory', '0')
    },
  },
  {
    name: 'Postgres is restarted',
    run: async (cluster) => {
      await cluster.postgres.halt()
      await cluster.postgres.start()
    },
  },
  {
    name: 'Postgres crashes with rollbacks in flight in a neighbouring database',
    run: async (cluster) => {
      cluster.neighbour.start()
      await wait(400)
      await cluster.postgres.crash()
      await cluster.postgres.start()
      await cluster.neighbour.stop()
    },
  },
  twilio({ mode: 'error' }),
  twilio({ mode: 'rate-limited' }),
  twilio({ mode: 'lost-response' }),
  twilio({ mode: 'bad-json' }),
  twilio({ mode: 'refused' }),
  twilio({ mode: 'timeout', rate: 0.3 }),
  twilio({ mode: 'ok', latencyMs: 2_000, rate: 0.5 }),
]

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
