import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createClient } from 'redis'
import { endAll } from '../../../test/support/endAll.js'
import { aClaim, answered, describeIdempotencyStore } from '../../../test/support/idempotencyStoreContract.js'
import { startTestRedis, type TestRedis } from '../../../test/support/startTestRedis.js'
import { until } from '../../../test/support/until.js'
import { connectRedis, type RedisConnection } from '../redis/RedisConnection.js'
import { RedisStore } from './RedisStore.js'

let redis: TestRedis
let connection: RedisConnection
let admin: ReturnType<typeof createClient>
let opened = 0
let prefix = ''
const errors: unknown[] = []

beforeAll(async () => {
  redis = await startTestRedis()
  admin = createClient({ url: redis.url })
  admin.on('error', (error: unknown) => errors.push(error))
  await admin.connect()
})

beforeEach(async () => {
  connection = await connected()
})

afterEach(() => connection.close())

afterAll(() =>
  endAll(
    () => admin.destroy(),
    () => redis.stop(),
  ),
)

async function connected(): Promise<RedisConnection> {
  const opening = connectRedis({ url: redis.url, onError: (error) => errors.push(error) })
  await until(() => opening.isUp)
  return opening
}

const open = async () => {
  opened += 1
  prefix = `test-${opened}:`
  // What it does is asked here; how long it waits has a test of its own, and a busy machine is no trouble of Redis'.
  return new RedisStore(connection, { prefix, timeoutMs: 5_000 })
}

/** Moves the end of life of every key nearer: Redis' clock cannot be set. */
async function advance(ms: number): Promise<void> {
  for (const key of await admin.keys(`${prefix}*`)) {
    const left = (await admin.pTTL(key)) - ms
    if (left <= 0) await admin.del(key)
    else await admin.pExpire(key, left)
  }
}

describeIdempotencyStore('RedisStore', { open, advance })

const ana = aClaim()
const ben = aClaim({ owner: 'ben' })
const theKey = async () => (await admin.keys(`${prefix}*`))[0] ?? ''

describe('RedisStore on the wire', () => {
  it('answers a replay with one command and a new key with two', async () => {
    const sent: string[] = []
    const counting = {
      send: (command: readonly (string | Buffer)[], limitMs?: number) =>
        connection.send(command, limitMs).finally(() => sent.push(String(command[0]))),
    }
    const store = new RedisStore(counting, { prefix: 'counted:' })
    await store.claim(aClaim({ id: 'zero' }))
    sent.length = 0
    await store.claim(ana)
    await store.complete(ana, answered())
    expect(sent.filter((command) => command !== 'EVAL')).toEqual(['SET', 'EVALSHA'])
    sent.length = 0
    expect((await store.claim(ben)).kind).toBe('answered')
    expect(sent).toEqual(['SET'])
  })

  it('keeps no key without an end of life, and none that shows who clicked', async () => {
    const store = await open()
    await store.claim(ana)
    expect(await theKey()).toMatch(/^test-\d+:[A-Za-z0-9_-]{43}$/)
    expect(await admin.pTTL(await theKey())).toBeGreaterThan(59_000)
    await advance(30_000)
    await store.complete(ana, answered())
    expect(await admin.pTTL(await theKey())).toBeGreaterThan(59_000)
  })

  it('gives each command, also its question whether keys may be thrown away, the time it was told', async () => {
    const limits = new Set<number | undefined>()
    const watching = {
      send: (command: readonly (string | Buffer)[], limitMs?: number) =>
        connection.send(command, limitMs).finally(() => limits.add(limitMs)),
    }
    const store = new RedisStore(watching, { prefix: 'timed:', timeoutMs: 4_321 })
    await store.claim(ana)
    await store.claim(ben)
    await store.complete(ana, answered())
    expect([...limits]).toEqual([4_321])
  })

  it('goes on after its scripts were flushed', async () => {
    const store = await open()
    await admin.scriptFlush()
    expect(await store.renew(ana)).toBe(true)
    await admin.scriptFlush()
    expect(await store.release(ana)).toBe(true)
  })
})

describe('a record that somebody damaged', () => {
  const HOLD = 'v1:a\no\n15000 60000\n'
  const damages: [string, (key: string) => Promise<unknown>][] = [
    ['is empty', (key) => admin.set(key, '')],
    ['is no record', (key) => admin.set(key, 'garbage')],
    ['is half an answer', async (key) => admin.set(key, (await admin.get(key))?.slice(0, -3) ?? '')],
    ['has a line too many', async (key) => admin.set(key, `${await admin.get(key)}x`)],
    ['is a hash', (key) => admin.del(key).then(() => admin.hSet(key, 's', 'c'))],
    ['is a list', (key) => admin.del(key).then(() => admin.rPush(key, 'x'))],
    ['says a status in words', (key) => admin.set(key, `${HOLD}answered abc 0 {}\n`)],
    ['says a status no answer has', (key) => admin.set(key, `${HOLD}answered 199 0 {}\n`)],
    ['has headers of null', (key) => admin.set(key, `${HOLD}answered 200 0 null\n`)],
    ['has a header that breaks the line', (key) => admin.set(key, `${HOLD}answered 200 0 {"x":"a\\r\\nb"}\n`)],
    ['has headers that are cut', (key) => admin.set(key, `${HOLD}answered 200 0 {"x":\n`)],
    ['has no body', (key) => admin.set(key, `${HOLD}answered 200 0 {}`)],
    ['says no status', (key) => admin.set(key, `${HOLD}not-kept`)],
    ['is only begun', (key) => admin.set(key, HOLD)],
    ['is a claim of nobody', (key) => admin.set(key, 'v1:a\n\n15000 60000\npending')],
    ['is a claim of no time', (key) => admin.set(key, 'v1:a\no\n 60000\npending')],
    ['is a claim and more', (key) => admin.set(key, `${HOLD}pending\n`)],
    ['is of a kind nobody knows', (key) => admin.set(key, `${HOLD}done`)],
  ]

  it.each(damages)('which %s is no free key', async (_what, damage) => {
    const store = await open()
    await store.claim(ana)
    await store.complete(ana, answered())
    await damage(await theKey())
    expect(await store.claim(ben)).toEqual({ kind: 'damaged' })
    expect(await store.claim(ben)).toEqual({ kind: 'damaged' })
  })

  it('which has no end of life is a claim of an owner that fell silent', async () => {
    const store = await open()
    await store.claim(ana)
    await admin.persist(await theKey())
    expect(await store.claim(ben)).toMatchObject({ kind: 'pending', isAlive: false })
  })
})

describe('a Redis in trouble', () => {
  it('rejects at once while it is down and serves again after it came back', async () => {
    const store = await open()
    await redis.kill()
    await expect(store.claim(ana)).rejects.toThrow()
    const startedAt = performance.now()
    await expect(store.claim(ana)).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(100)
    await redis.restart()
    await until(() => connection.isUp)
    expect((await store.claim(ana)).kind).toBe('new')
  })

  it('rejects within its time while it accepts commands and answers none, then does not make the next wait', async () => {
    const store = new RedisStore(connection, { prefix: 'slow:', timeoutMs: 200 })
    await store.claim(ana)
    redis.freeze()
    try {
      const startedAt = performance.now()
      await expect(store.claim(ana)).rejects.toThrow('did not answer within 200 ms')
      expect(performance.now() - startedAt).toBeLessThan(900)
      await expect(store.claim(ana)).rejects.toThrow('a moment ago')
    } finally {
      redis.thaw()
    }
  })

  it('rejects when its memory is full, and can still give a claim back', async () => {
    const store = await open()
    await store.claim(ana)
    await redis.command('CONFIG', 'SET', 'maxmemory', '1')
    try {
      await expect(store.claim(aClaim({ id: 'two' }))).rejects.toThrow(/OOM/)
      await expect(store.complete(ana, answered())).rejects.toThrow(/OOM/)
      expect(await store.release(ana)).toBe(true)
    } finally {
      await redis.command('CONFIG', 'SET', 'maxmemory', '0')
    }
  })

  it('is refused while it may throw keys away, until it may not, or somebody takes the risk', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', '100mb')
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl')
    try {
      const store = await open()
      await expect(store.claim(ana)).rejects.toThrow('volatile-ttl')
      expect(await new RedisStore(connection, { prefix, dangerouslyAllowEviction: true }).claim(ana)).toEqual({ kind: 'new' })
      await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      expect((await store.claim(ben)).kind).toBe('pending')
    } finally {
      await redis.command('CONFIG', 'SET', 'maxmemory', '0')
    }
  })

  it('is refused while it does not say whether it may', async () => {
    const silent = {
      send: (command: readonly (string | Buffer)[]) => (command[0] === 'INFO' ? Promise.resolve('') : connection.send(command)),
    }
    await expect(new RedisStore(silent).claim(ana)).rejects.toThrow('does not say')
  })
})
