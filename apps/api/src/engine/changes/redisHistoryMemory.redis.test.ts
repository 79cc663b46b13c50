import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { endAll } from '../../../test/support/endAll.js'
import { startTestRedis, type TestRedis } from '../../../test/support/startTestRedis.js'
import { until } from '../../../test/support/until.js'
import { connectRedis, type RedisConnection } from '../redis/RedisConnection.js'
import { redisHistoryMemory } from './redisHistoryMemory.js'

let server: TestRedis
let redis: RedisConnection

beforeAll(async () => {
  server = await startTestRedis()
  redis = connectRedis({ url: server.url, onError: () => undefined })
  await until(() => redis.isUp)
})

afterAll(() =>
  endAll(
    () => redis.close(),
    () => server.stop(),
  ),
)

it('remembers the newest change for the next process, for about as long as the change log does', async () => {
  const change = '{"epoch":"a","xid":"7","seq":"1","at":"1795380000123456"}'
  expect(await redisHistoryMemory(redis).read()).toBeNull()
  await redisHistoryMemory(redis).write(change)
  expect(await redisHistoryMemory(redis).read()).toBe(change)
  expect(Number(await server.command('PTTL', 'history:v1'))).toBeGreaterThan(6 * 24 * 60 * 60 * 1_000)
})

it.each([
  '',
  'garbage',
  'null',
  '7',
  '{}',
  '{"epoch":"a","xid":"09","seq":"1","at":"1"}',
  '{"epoch":"a","xid":7,"seq":"1","at":"1"}',
  '{"epoch":"a","xid":"7","seq":"1","at":"now"}',
])('takes %j, which somebody else wrote there, for nothing', async (text) => {
  await server.command('SET', 'history:v1', text)
  expect(await redisHistoryMemory(redis).read()).toBeNull()
})

it('fails, and never hangs, while Redis is away', async () => {
  await server.kill()
  await until(() => !redis.isUp)
  await expect(redisHistoryMemory(redis).read()).rejects.toThrow('Redis')
})
