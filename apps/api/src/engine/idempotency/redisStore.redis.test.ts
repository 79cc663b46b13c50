import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createClient } from 'redis'
import { anAnswer, describeIdempotencyStore } from '../../../test/support/idempotencyStoreContract.js'
import { startTestRedis, type TestRedis } from '../../../test/support/startTestRedis.js'
import { until } from '../../../test/support/until.js'
import { connectRedis, type RedisConnection } from '../redis/RedisConnection.js'
import { RedisStore } from './redisStore.js'

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

afterAll(async () => {
  admin.destroy()
  await redis.stop()
})

async function connected(): Promise<RedisConnection> {
  const opening = connectRedis({ url: redis.url, onError: (error) => errors.push(error) })
  await until(() => opening.isUp)
  return opening
}

const open = async () => {
  opened += 1
  prefix = `test-${opened}:`
  return new RedisStore(connection, { prefix })
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

const claim = (store: RedisStore, owner = 'ana') => store.begin('one', { fingerprint: 'v1:a', owner, leaseMs: 15_000 })
const finish = (store: RedisStore) => store.complete('one', { owner: 'ana', answer: anAnswer(), windowMs: 60_000 })

describe('RedisStore on the wire', () => {
  it('answers a replay with one command and a new key with two', async () => {
    const sent: string[] = []
    const store = new RedisStore(
      {
        send: (command) => {
          sent.push(String(command[0]))
          return connection.send(command)
        },
      },
      { prefix: 'counted:' },
    )
    await claim(store)
    await finish(store)
    sent.length = 0
    expect((await claim(store)).kind).toBe('completed')
    expect(sent).toEqual(['EVALSHA'])
  })

  it('keeps no key without an end of life, and none that shows who clicked', async () => {
    const store = await open()
    await claim(store)
    const [key] = await admin.keys(`${prefix}*`)
    expect(key).toMatch(/^test-\d+:[A-Za-z0-9_-]{43}$/)
    expect(await admin.pTTL(key ?? '')).toBeGreaterThan(0)
    await finish(store)
    expect(await admin.pTTL(key ?? '')).toBeGreaterThan(15_000)
  })

  it('goes on after its scripts were flushed', async () => {
    const store = await open()
    await admin.scriptFlush()
    expect((await claim(store)).kind).toBe('new')
    await admin.scriptFlush()
    expect(await finish(store)).toBe(true)
  })
})

describe('a Redis in trouble', () => {
  it('rejects at once while it is down and serves again after it came back', async () => {
    const store = await open()
    await redis.kill()
    await expect(claim(store)).rejects.toThrow()
    const startedAt = performance.now()
    await expect(claim(store)).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(100)
    await redis.restart()
    await until(() => connection.isUp)
    expect((await claim(store)).kind).toBe('new')
  })

  it('rejects within its time while it accepts commands and answers none, then does not make the next wait', async () => {
    const store = await open()
    redis.freeze()
    try {
      const startedAt = performance.now()
      await expect(claim(store)).rejects.toThrow('did not answer within 150 ms')
      expect(performance.now() - startedAt).toBeLessThan(400)
      const secondAt = performance.now()
      await expect(claim(store)).rejects.toThrow('a moment ago')
      expect(performance.now() - secondAt).toBeLessThan(50)
    } finally {
      redis.thaw()
    }
  })

  it('holds an answer back a moment only when it cannot keep it', async () => {
    const store = await open()
    await claim(store)
    redis.freeze()
    try {
      const startedAt = performance.now()
      await expect(finish(store)).rejects.toThrow('did not answer within 50 ms')
      expect(performance.now() - startedAt).toBeLessThan(140)
    } finally {
      redis.thaw()
    }
  })

  it('rejects when its memory is full', async () => {
    const store = await open()
    await redis.command('CONFIG', 'SET', 'maxmemory', '1')
    try {
      await expect(claim(store)).rejects.toThrow(/OOM/)
    } finally {
      await redis.command('CONFIG', 'SET', 'maxmemory', '0')
    }
  })
})
