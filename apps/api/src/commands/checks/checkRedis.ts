import { createClient } from 'redis'
import type { Config } from '../../config.js'
import { type Finding, good, LONGEST_LOOK_MS, leftOut, reasonOf, wrong } from './Finding.js'

const OLDEST_REDIS = 7

/** Whether Redis answers, and whether it may throw away what it holds. */
export async function checkRedis({ redisUrl }: Pick<Config, 'redisUrl'>): Promise<Finding> {
  if (redisUrl === null)
    return leftOut('redis', 'REDIS_URL is not set: replicas share nothing but the database, and limits count per replica.')
  const client = createClient({ url: redisUrl, socket: { connectTimeout: LONGEST_LOOK_MS, reconnectStrategy: false } })
  // It is told by what rejects below.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const version = Number(/redis_version:(\d+)/.exec(await client.info('server'))?.[1] ?? 0)
    if (version >= OLDEST_REDIS) return good('redis', `Redis ${version} answers.`)
    return wrong('redis', `Redis ${version} answers, and ${OLDEST_REDIS} is the oldest that is known to work.`, 'Upgrade it.')
  } catch (error) {
    return wrong(
      'redis',
      `It does not answer: ${reasonOf(error)}.`,
      'Check REDIS_URL from this machine (host, port, password, rediss:// for TLS). The API runs without it: slower, never wrong.',
    )
  } finally {
    client.destroy()
  }
}
