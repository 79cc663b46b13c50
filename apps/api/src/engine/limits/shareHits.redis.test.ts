import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { endAll } from '../../../test/support/endAll.js'
import { startTestRedis, type TestRedis } from '../../../test/support/startTestRedis.js'
import { until } from '../../../test/support/until.js'
import { connectRedis, type RedisConnection } from '../redis/RedisConnection.js'
import { shareHitsBy } from './shareHits.js'

let redis: TestRedis
let connection: RedisConnection
/** A busy machine is no trouble of Redis'. */
const patient = { send: (command: readonly (string | Buffer)[]) => connection.send(command, 5_000) }

beforeAll(async () => {
  redis = await startTestRedis()
  connection = connectRedis({ url: redis.url, onError: () => undefined })
  await until(() => connection.isUp)
})

afterAll(() =>
  endAll(
    () => connection?.close(),
    () => redis?.stop(),
  ),
)

it('sums what each process says last, also after Redis lost it all, and lets it end', async () => {
  const [one, two] = [shareHitsBy(patient), shareHitsBy(patient)]
  expect(await one('user:1:ana', 3, 60_000)).toBe(3)
  expect(await one('user:1:ana', 3, 60_000)).toBe(3)
  expect(await two('user:1:ana', 2, 60_000)).toBe(5)
  expect(await two('user:1:ben', 1, 60_000)).toBe(1)
  expect(await one('user:1:ana', 2, 60_000)).toBe(4)
  expect(Number(await redis.command('PTTL', 'hits:v2:user:1:ana'))).toBeGreaterThan(50_000)
  await redis.command('FLUSHALL')
  expect(await one('user:1:ana', 4, 60_000)).toBe(4)
})
