import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import fc from 'fast-check'
import type pg from 'pg'
import { cleanUp } from '../../src/engine/background/cleanUp.js'
import { syncChanges } from '../../src/engine/changes/syncChanges.js'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { openSession } from './openSession.js'

const WRITERS = 3

let server: PostgresServer
let database: Database
let writers: pg.Client[]
let orgs = 0

beforeAll(async () => {
  server = await startPostgres()
  const url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  writers = await Promise.all(Array.from({ length: WRITERS }, () => openSession(url)))
})

afterAll(() =>
  endAll(
    () => Promise.all(writers.map((writer) => writer.end())),
    () => database.close(),
    () => server.stop(),
  ),
)

type Step = { kind: 'write' | 'commit' | 'rollback'; writer: number } | { kind: 'read'; limit: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), writer: fc.nat(WRITERS - 1) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('commit' as const, 'rollback' as const), writer: fc.nat(WRITERS - 1) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  ),
  { maxLength: 30 },
)

test('a reader that follows the cursor sees every committed change once, whatever the order of commits', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { committed, seen } = await play(plan)
      expect([...seen].sort()).toEqual([...committed].sort())
    }),
    { numRuns: 60 },
  )
}, 120_000)

async function play(plan: Step[]): Promise<{ committed: string[]; seen: string[] }> {
  orgs += 1
  const caller = { actor: 'user-456', tenant: `org-cursor-${orgs}` }
  const open = new Map<number, string[]>()
  const committed: string[] = []
  const seen: string[] = []
  let rows = 0
  let cursor = await readPage(caller, null, 1).then(({ next }) => next)

  const read = async (limit: number): Promise<boolean> => {
    const page = await readPage(caller, cursor, limit)
    seen.push(...page.changes.map((change) => change.new?.id ?? ''))
    cursor = page.next
    return page.hasMore
  }
  const finish = async (writer: number, how: 'commit' | 'rollback'): Promise<void> => {
    const written = open.get(writer)
    if (written === undefined) return
    await session(writer).query(how)
    open.delete(writer)
    if (how === 'commit') committed.push(...written)
  }

  for (const step of plan) {
    if (step.kind === 'read') await read(step.limit)
    else if (step.kind === 'write') {
      if (!open.has(step.writer)) await session(step.writer).query('begin')
      rows += 1
      const id = `${caller.tenant}-${rows}`
      await session(step.writer).query('insert into public.leads (id, org_id, name) values ($1, $2, $1)', [id, caller.tenant])
      open.set(step.writer, [...(open.get(step.writer) ?? []), id])
    } else await finish(step.writer, step.kind)
  }
  for (let writer = 0; writer < WRITERS; writer += 1) await finish(writer, 'commit')
  while (await read(3));
  return { committed, seen }
}

async function readPage(caller: { actor: string; tenant: string }, since: string | null, limit: number) {
  const result = await syncChanges(database, { caller, since, limit })
  if (result.kind === 'gone') throw new Error('the cursor is gone')
  return result.page
}

function session(writer: number): pg.Client {
  return writers[writer] as pg.Client
}

test('says how far the log is held back by an open transaction', async () => {
  const caller = { actor: 'user-456', tenant: 'org-held-back' }
  const { next } = await readPage(caller, null, 10)
  await session(0).query('begin')
  await session(0).query('select pg_current_xact_id()')
  await session(1).query(`insert into public.leads (id, org_id, name) values ('held', $1, 'Anna')`, [caller.tenant])
  await session(1).query(`update sync.change_log set changed_at = now() - interval '12 seconds' where pk = 'held'`)
  const held = await readPage(caller, next, 10)
  await session(0).query('rollback')
  const freed = await readPage(caller, held.next, 10)
  expect(held.changes).toEqual([])
  expect(held.horizonLagMs).toBeGreaterThanOrEqual(12_000)
  expect(freed).toMatchObject({ changes: [{ new: { id: 'held' } }], horizonLagMs: 0 })
})

test('is not trimmed past a transaction that is still open, and goes on from the floor itself', async () => {
  const caller = { actor: 'user-456', tenant: 'org-trimmed' }
  const insert = (writer: number, id: string) =>
    session(writer).query('insert into public.leads (id, org_id, name) values ($1, $2, $1)', [id, caller.tenant])
  await insert(1, 'trimmed-1')
  const floor = await readPage(caller, null, 1)
  await insert(1, 'trimmed-2')
  await session(0).query('begin')
  await insert(0, 'trimmed-slow')
  await insert(1, 'trimmed-3')
  const held = await readPage(caller, null, 1)
  await database.script("update sync.settings set change_log_retention = interval '0'")
  await cleanUp(database)
  expect((await syncChanges(database, { caller, since: floor.next, limit: 10 })).kind).toBe('gone')
  await session(0).query('commit')
  // Its place was trimmed, and is the floor: nothing after it is missing.
  const { changes } = await readPage(caller, held.next, 10)
  expect(changes.map((change) => change.new?.id)).toEqual(['trimmed-slow', 'trimmed-3'])
  await cleanUp(database)
  await database.script("update sync.settings set change_log_retention = interval '7 days'")
  expect(await database.query('select pk from sync.change_log')).toEqual([{ pk: 'trimmed-3' }])
  const last = await readPage(caller, null, 1)
  expect((await readPage(caller, last.next, 10)).changes).toEqual([])
})
