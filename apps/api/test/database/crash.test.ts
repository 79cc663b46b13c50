import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { cleanUp } from '../../src/engine/background/cleanUp.js'
import { createChangeFeed } from '../../src/engine/changes/createChangeFeed.js'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { ANA } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { until } from '../support/until.js'
import { aStoredLead } from './contracts/rows.js'
import { Follower } from './Follower.js'
import { openSession } from './openSession.js'

let server: PostgresServer
let url: string
let neighbour: string
let database: Database
let follower: Follower

beforeAll(async () => {
  server = await startPostgres(['-c', 'fsync=on', '-c', 'wal_writer_delay=10s', '-c', 'autovacuum=off'])
  neighbour = await server.createDatabase()
})

beforeEach(async () => {
  await database?.close()
  url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  follower = new Follower(() => database, ANA)
})

afterAll(() =>
  endAll(
    () => database.close(),
    () => server.stop(),
  ),
)

/** Transactions that take numbers and leave nothing, so that a crash hands the numbers out again. */
async function rollBack(databaseUrl: string, times: number): Promise<void> {
  const session = await openSession(databaseUrl)
  for (let n = 0; n < times; n += 1) await session.query('begin; select pg_current_xact_id(); rollback')
  await session.end()
}

async function crash(): Promise<void> {
  await server.crash()
  await server.start()
  // What the pool held died with the server.
  await until(() =>
    database.query('select 1').then(
      () => true,
      () => false,
    ),
  )
}

const trimAll = async () => {
  await database.write(`update sync.settings set change_log_retention = interval '0'`)
  await cleanUp(database)
  await database.write(`update sync.settings set change_log_retention = interval '7 days'`)
}

describe('a follower of one organisation, over a crash', () => {
  const places: [string, () => string][] = [
    ['here', () => url],
    ['in another database of the server', () => neighbour],
  ]

  test.each(places)(
    'is told what follows, though transactions were rolled back %s',
    async (_name, where) => {
      await aStoredLead(database)
      await follower.fetch()
      for (let round = 0; round < 2; round += 1) {
        await rollBack(where(), 40)
        await follower.follow()
        await crash()
        const id = await aStoredLead(database)
        await follower.follow()
        expect(follower.seen).toContain(id)
      }
      expect(new Set(follower.told).size).toBe(follower.told.length)
      expect(follower.refetches).toBe(0)
    },
    120_000,
  )

  test('is told what follows when writers do not wait for the disk', async () => {
    const writer = await openSession(url)
    await writer.query('set synchronous_commit = off')
    await follower.fetch()
    let rows = 0
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 30; n += 1) {
        rows += 1
        await writer.query('insert into public.leads (id, org_id, name) values ($1, $2, $1)', [`async-${rows}`, ANA.tenant])
      }
      await follower.follow()
      const shown = follower.seen.size
      await crash()
      const { rows: count } = await openSession(url).then(async (session) => {
        const result = await session.query('select count(*)::int as rows from public.leads')
        await session.end()
        return result
      })
      // Nothing that was shown is taken back.
      expect(count[0].rows).toBe(shown)
      const id = await aStoredLead(database)
      await follower.follow()
      expect(follower.seen).toContain(id)
      const again = await openSession(url)
      await again.query('set synchronous_commit = off')
      Object.assign(writer, { query: again.query.bind(again) })
    }
    expect(follower.refetches).toBe(0)
  }, 120_000)

  test('goes on from an empty log', async () => {
    await follower.fetch()
    await rollBack(url, 40)
    await follower.follow()
    await crash()
    await follower.follow()
    const id = await aStoredLead(database)
    await follower.follow()
    expect(follower.seen).toContain(id)
    expect(follower.refetches).toBe(0)
  }, 120_000)

  test('goes on from a log trimmed to its newest change, and from one whose newest change it does not know', async () => {
    for (let n = 0; n < 5; n += 1) await aStoredLead(database)
    await follower.fetch()
    await trimAll()
    expect(await database.query('select count(*)::int as rows from sync.change_log')).toEqual([{ rows: 1 }])
    await rollBack(url, 40)
    await follower.follow()
    await crash()
    const id = await aStoredLead(database)
    await follower.follow()
    expect(follower.seen).toContain(id)
    expect(follower.refetches).toBe(0)

    const late = await aStoredLead(database)
    await aStoredLead(database)
    await aStoredLead(database)
    await trimAll()
    await follower.follow()
    expect(follower.seen).toContain(late)
    expect(follower.refetches).toBe(1)
  }, 120_000)

  test('reads all rows again when the newest changes are gone without a trim', async () => {
    await aStoredLead(database)
    await follower.fetch()
    const lost = await aStoredLead(database)
    await follower.follow()
    const behind = new Follower(() => database, ANA)
    await behind.fetch()
    await database.write('delete from sync.change_log where pk = $1', [lost])
    const id = await aStoredLead(database)
    await follower.follow()
    await behind.follow()
    expect([follower.refetches, behind.refetches]).toEqual([1, 1])
    expect(follower.seen).toContain(id)
  })
})

describe('the feed of all organisations, over a crash', () => {
  test('hears what follows, though transactions were rolled back meanwhile', async () => {
    await aStoredLead(database)
    const heard: (string | undefined)[] = []
    const feed = createChangeFeed(database, { pollMs: 60_000 })
    feed.subscribe((changes) => heard.push(...changes.map(({ change }) => change.new?.id)))
    await feed.start()
    for (let round = 0; round < 2; round += 1) {
      await rollBack(round === 1 ? neighbour : url, 40)
      const before = await aStoredLead(database)
      await until(() => heard.includes(before))
      await rollBack(url, 40)
      // A commit of this process wakes the feed.
      await database.script('select 1')
      await database.query('select 1')
      await crash()
      const id = await aStoredLead(database)
      await until(() => heard.includes(id))
    }
    await feed.close()
    expect(new Set(heard).size).toBe(heard.length)
  }, 120_000)
})
