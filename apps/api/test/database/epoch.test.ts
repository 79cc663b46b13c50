import { execFile } from 'node:child_process'
import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { cleanUp } from '../../src/engine/background/cleanUp.js'
import { HistoryWatch } from '../../src/engine/changes/HistoryWatch.js'
import { settleTimeline } from '../../src/engine/changes/settleTimeline.js'
import { syncChanges } from '../../src/engine/changes/syncChanges.js'
import type { Database } from '../../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../../src/engine/database/DatabaseError.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { ANA } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { until } from '../support/until.js'
import { aStoredLead } from './contracts/rows.js'

let server: PostgresServer
let database: Database

beforeAll(async () => {
  server = await startPostgres()
})

beforeEach(async () => {
  await database?.close()
  database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:', onConnect: settleTimeline })
  await prepareDatabase(database)
})

afterAll(() =>
  endAll(
    () => database.close(),
    () => server.stop(),
  ),
)

async function cursor(): Promise<{ next: string; epoch: string }> {
  const result = await syncChanges(database, { caller: ANA, since: null, limit: 1 })
  if (result.kind === 'gone') throw new Error('a first cursor is never gone')
  return result.page
}

async function expectNewEpoch(before: { next: string; epoch: string }): Promise<void> {
  const after = await cursor()
  expect(after.epoch).not.toBe(before.epoch)
  expect(await syncChanges(database, { caller: ANA, since: before.next, limit: 1 })).toEqual({ kind: 'gone', epoch: after.epoch })
  expect(await database.query('select 1 from sync.change_log')).toEqual([])
}

test('stays the same over restarts of the API and of Postgres', async () => {
  const before = await cursor()
  await aStoredLead(database)
  await server.halt()
  await expect(database.query('select 1')).rejects.toThrow(DatabaseUnavailableError)
  await server.start()
  await prepareDatabase(database)
  expect((await cursor()).epoch).toBe(before.epoch)
  const result = await syncChanges(database, { caller: ANA, since: before.next, limit: 10 })
  expect(result).toMatchObject({ kind: 'page', page: { changes: [{ table: 'leads' }] } })
})

test('changes when the rows were restored into another server', async () => {
  await aStoredLead(database)
  const before = await cursor()
  await database.write(`update sync.epoch set system_identifier = 'the server this dump came from'`)
  await prepareDatabase(database)
  await expectNewEpoch(before)
})

test('changes when the log knows transactions this server has not reached', async () => {
  await aStoredLead(database)
  const before = await cursor()
  await database.write(
    `insert into sync.change_log (xid, org_id, table_name, op, pk, version) values ('999999999', 'org-1', 'leads', 'DELETE', 'x', 1)`,
  )
  await prepareDatabase(database)
  await expectNewEpoch(before)
})

test.each([
  ['a start', false],
  ['a process that only lost its connection', true],
])('changes when the server was recovered to an earlier point, on another timeline: %s notices', async (_name, goesOn) => {
  await aStoredLead(database)
  const before = await cursor()
  await server.halt()
  const signal = join(server.dataDirectory, 'recovery.signal')
  await writeFile(signal, '')
  await chmod(signal, 0o666)
  await writeFile(join(server.dataDirectory, 'postgresql.auto.conf'), "restore_command = 'false'\nrecovery_target_timeline = 'latest'\n")
  await server.start()
  await writeFile(join(server.dataDirectory, 'postgresql.auto.conf'), '')
  if (!goesOn) await prepareDatabase(database)
  await until(() =>
    database.query('select 1').then(
      () => true,
      () => false,
    ),
  )
  await expectNewEpoch(before)
})

test('can be renewed by hand after a restore that leaves no trace', async () => {
  await aStoredLead(database)
  const before = await cursor()
  await database.write('select sync.renew_epoch()')
  await expectNewEpoch(before)
})

describe('a disk snapshot put back, which leaves no trace inside', () => {
  const copy = promisify(execFile)
  let remembered: string | null
  const onRewritten = jest.fn()

  /** What one process of the API sees; Redis outlives it. */
  const aWatch = () =>
    new HistoryWatch({
      database,
      memory: {
        read: async () => remembered,
        write: async (change) => {
          remembered = change
        },
      },
      onRewritten,
      onMemoryError: (error) => {
        throw error
      },
    })

  beforeEach(() => {
    remembered = null
    onRewritten.mockClear()
  })

  async function halted(work: () => Promise<unknown>): Promise<void> {
    await server.halt()
    await expect(database.query('select 1')).rejects.toThrow(DatabaseUnavailableError)
    await work()
    await server.start()
    await prepareDatabase(database)
  }

  test.each([
    ['a process that went on', false],
    ['a process that started afterwards', true],
  ])('is noticed by %s, also when others have written since', async (_name, restarted) => {
    const snapshot = `${server.dataDirectory}-snapshot`
    await aStoredLead(database)
    await halted(() => copy('cp', ['-a', server.dataDirectory, snapshot]))
    const watch = aWatch()
    await watch.look()
    await aStoredLead(database)
    const before = await cursor()
    await watch.look()
    await halted(async () => {
      await rm(server.dataDirectory, { recursive: true })
      await rename(snapshot, server.dataDirectory)
    })
    for (let n = 0; n < 3; n += 1) await aStoredLead(database)
    expect((await cursor()).epoch).toBe(before.epoch)

    const witness = restarted ? aWatch() : watch
    await Promise.all([witness.look(), aWatch().look()])
    await expectNewEpoch(before)
    expect(onRewritten).toHaveBeenCalledTimes(1)
    const renewed = await cursor()
    await prepareDatabase(database)
    await witness.look()
    expect((await cursor()).epoch).toBe(renewed.epoch)
  })

  test('is not seen in a restart, in retention, or in an empty log', async () => {
    const watch = aWatch()
    await watch.look()
    const before = await cursor()
    await aStoredLead(database)
    await watch.look()
    await halted(async () => undefined)
    await watch.look()
    await database.write(`update sync.change_log set changed_at = changed_at - interval '8 days'`)
    remembered = null
    const next = aWatch()
    await next.look()
    await cleanUp(database)
    await next.look()
    expect((await cursor()).epoch).toBe(before.epoch)
    expect(onRewritten).not.toHaveBeenCalled()
  })

  test('is not forgotten by a memory that could not be read', async () => {
    const errors: unknown[] = []
    let isUp = false
    const write = jest.fn(async () => undefined)
    const read = async () => (isUp ? '{"epoch":"another"}' : Promise.reject(new Error('away')))
    const watch = new HistoryWatch({ database, memory: { read, write }, onRewritten, onMemoryError: (error) => errors.push(error) })
    await aStoredLead(database)
    await watch.look()
    expect([errors.length, write.mock.calls.length]).toEqual([1, 0])
    isUp = true
    await aStoredLead(database)
    await watch.look()
    expect([errors.length, write.mock.calls.length, onRewritten.mock.calls.length]).toEqual([1, 1, 0])
  })
})
