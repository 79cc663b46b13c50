import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { Database, OpenTransaction } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { inLedger } from '../../src/engine/effects/inLedger.js'
import { answer, refuse } from '../../src/engine/effects/outcome.js'
import type { TransactionPort } from '../../src/engine/effects/TransactionPort.js'
import { findAnswer } from '../../src/engine/ledger/findAnswer.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { inLedgerContract } from './contracts/inLedgerContract.js'
import { openSession, untilWaiting } from './openSession.js'

type DrizzleTx = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0]

let server: PostgresServer
let url: string
let database: Database
let pool: pg.Pool
let db: NodePgDatabase

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  pool = new pg.Pool({ connectionString: url })
  pool.on('error', () => undefined)
  db = drizzle(pool)
})

afterAll(() =>
  endAll(
    () => pool.end(),
    () => database.close(),
    () => server.stop(),
  ),
)

const withDrizzle: TransactionPort<DrizzleTx> = (work) =>
  db.transaction((tx) => work({ tx, query: ({ strings, values }) => tx.execute(sql(strings, ...values)).then(({ rows }) => rows) }))

const withPg: TransactionPort<pg.PoolClient> = async (work) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work({ tx: client, query: (statement) => client.query(statement).then(({ rows }) => rows) })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

inLedgerContract<OpenTransaction>('the server’s own', () => ({ database, run: (tx, text) => tx.query(text) }))
inLedgerContract('pg', () => ({ database, transaction: withPg, run: (tx, text) => tx.query(text).then(({ rows }) => rows) }))
inLedgerContract('Drizzle', () => ({
  database,
  transaction: withDrizzle,
  run: (tx, text) => tx.execute(sql.raw(text)).then(({ rows }) => rows),
}))

describe('a transaction that would break the guarantee is refused before an effect runs:', () => {
  const ways: Record<string, [TransactionPort<unknown>, RegExp]> = {
    'another isolation': [
      (work) =>
        db.transaction((tx) => work({ tx, query: ({ strings, values }) => tx.execute(sql(strings, ...values)).then(({ rows }) => rows) }), {
          isolationLevel: 'repeatable read',
        }),
      /it is "repeatable read"/,
    ],
    'one inside another': [
      (work) =>
        db.transaction((outer) =>
          outer.transaction((tx) =>
            work({ tx, query: ({ strings, values }) => tx.execute(sql(strings, ...values)).then(({ rows }) => rows) }),
          ),
        ),
      /opened inside another one/,
    ],
    'one that had written already': [
      (work) =>
        withPg(async (opened) => {
          await opened.tx.query('insert into public.deals values (7, 7) on conflict (id) do update set n = 7')
          return work(opened)
        }),
      /had written before its key was claimed/,
    ],
    'none at all': [
      (work) => work({ tx: null, query: (statement) => pool.query(statement).then(({ rows }) => rows) }),
      /ran in different transactions/,
    ],
    'one that swallows errors': [(work) => withPg(work).catch(() => undefined as never), /resolved although its work had failed/],
    'one that gives no rows': [
      (work) =>
        withPg(({ tx, query }) =>
          work({
            tx,
            query: async (statement) => {
              await query(statement)
              return []
            },
          }),
        ),
      /gives no rows/,
    ],
  }

  test.each(Object.keys(ways))('%s', async (name) => {
    const [transaction, complaint] = ways[name] as [TransactionPort<unknown>, RegExp]
    let ran = 0
    const call = anActionCall({})
    const effect = async () => {
      ran += 1
      return answer()
    }
    const run = inLedger(database, effect, { transaction })
    await expect(run(call)).rejects.toThrow(complaint)
    await expect(run(call)).rejects.toThrow(complaint)
    expect([ran, await database.query('select key from sync.ledger where key = $1', [call.key])]).toEqual([0, []])
  })
})

describe('a transaction of a team’s that', () => {
  const ran = () => answer({ ran: true })

  test.each(['with a key', 'without one'])('gives nothing back counts as what committed in it (%s)', async (which) => {
    const silent = (async (work) => void (await withPg(work))) as TransactionPort<pg.PoolClient>
    const call = anActionCall({}, which === 'with a key' ? {} : { key: null })
    expect(await inLedger(database, async () => ran(), { transaction: silent })(call)).toMatchObject({
      status: 200,
      body: '{"success":true,"ran":true}',
      replayed: false,
    })
  })

  test('tries again what failed answers as the last try', async () => {
    const again: TransactionPort<pg.PoolClient> = (work) => withPg(work).catch(() => withPg(work))
    let tries = 0
    const effect = async () => {
      tries += 1
      return tries === 1 ? refuse('NOT_FOUND') : ran()
    }
    const call = anActionCall({})
    const first = await inLedger(database, effect, { transaction: again })(call)
    expect([tries, first]).toMatchObject([2, { status: 200, recorded: true }])
    expect(await findAnswer(database, call)).toEqual({ ...first, replayed: true })
  })

  test('runs nothing is told', async () => {
    let isBroken = false
    const run = inLedger(database, async () => ran(), {
      transaction: ((work) => (isBroken ? Promise.resolve() : withPg(work))) as TransactionPort<pg.PoolClient>,
    })
    await run(anActionCall({}))
    isBroken = true
    await expect(run(anActionCall({}))).rejects.toThrow('resolved although nothing had run in it')
  })

  test('throws at once, or never answers, is given up and keeps nobody from trying again', async () => {
    let transaction: TransactionPort<pg.PoolClient> = () => {
      throw new Error('no pool')
    }
    const call = anActionCall({})
    const run = inLedger(database, async () => ran(), { transaction: (work) => transaction(work) })
    await expect(run(call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { message: 'no pool' } })
    for (const everWorked of [false, true]) {
      let begin: () => Promise<unknown> = () => Promise.resolve()
      transaction = (work) =>
        new Promise((_resolve, reject) => {
          begin = () => withPg(work).catch(reject)
        })
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] })
      try {
        const stuck = expect(run(call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
        await jest.advanceTimersByTimeAsync(15_000)
        await stuck
      } finally {
        jest.useRealTimers()
      }
      // What was given up takes no effect later.
      await begin()
      expect(await findAnswer(database, call)).toBeNull()
      transaction = withPg
      if (!everWorked) expect(await run(anActionCall({}))).toMatchObject({ status: 200, replayed: false })
    }
    expect(await run(call)).toMatchObject({ status: 200, replayed: false })
  })
})

describe('on a server,', () => {
  const count = async () => Number((await database.query<{ n: number }>('select n from public.deals where id = 1'))[0]?.n)
  const add = (tx: OpenTransaction) => tx.query('update public.deals set n = n + 1 where id = 1')
  const gate = () => {
    let open: () => void = () => undefined
    const passed = new Promise<void>((resolve) => (open = resolve))
    return { open: () => open(), passed }
  }

  test('a duplicate waits for the first, which is under way on another connection, and gets its answer', async () => {
    const [call, before, entered, may] = [anActionCall({}), await count(), gate(), gate()]
    const run = inLedger(database, async ({ tx }) => {
      entered.open()
      await add(tx)
      await may.passed
      return answer({ first: true })
    })
    const first = run(call)
    await entered.passed
    const second = run(call)
    may.open()
    expect([await first, await second]).toMatchObject([{ replayed: false }, { replayed: true, body: '{"success":true,"first":true}' }])
    expect(await count()).toBe(before + 1)
  })

  test('a duplicate that has waited long enough is told that the first is under way', async () => {
    const [call, entered, may] = [anActionCall({}), gate(), gate()]
    const run = inLedger(database, async () => {
      entered.open()
      await may.passed
      return answer()
    })
    const first = run(call)
    await entered.passed
    expect(await run(call)).toMatchObject({ status: 409, recorded: false, retryAfterMs: 1_000 })
    may.open()
    expect(await first).toMatchObject({ status: 200 })
  })

  test('an effect whose connection dies is undone, and the process lives on', async () => {
    const [call, before, session] = [anActionCall({}), await count(), await openSession(url)]
    const dies = inLedger(database, async ({ tx }) => {
      await add(tx)
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      await session.query('select pg_terminate_backend($1)', [row?.pid])
      await add(tx)
      return answer()
    })
    await expect(dies(call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await session.end()
    expect(await count()).toBe(before)
    expect(await inLedger(database, async ({ tx }) => add(tx).then(() => answer()))(call)).toMatchObject({ status: 200, replayed: false })
  })

  test('a statement that its effect did not await ends no process: one that fails undoes the effect, one that comes too late is told', async () => {
    const [call, before, unheard] = [anActionCall({}), await count(), jest.fn()]
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    process.on('unhandledRejection', unheard)
    const failing = inLedger(database, async ({ tx }) => {
      await add(tx)
      void tx.query('select 1 / 0')
      return answer()
    })
    await expect(failing(call)).rejects.toThrow('although a statement of its had failed')
    expect(await count()).toBe(before)
    let later: OpenTransaction | undefined
    const early = inLedger(database, async ({ tx }) => {
      later = tx
      return answer()
    })
    expect(await early(call)).toMatchObject({ status: 200 })
    void later?.query('select 1')
    // Rejections that nobody heard are told once all promises had their turn.
    await new Promise((resolve) => setImmediate(resolve))
    expect(warned.mock.calls).toEqual([[expect.stringContaining('This transaction has ended'), 'InLedgerWarning']])
    process.off('unhandledRejection', unheard)
    warned.mockRestore()
    expect(unheard).not.toHaveBeenCalled()
  })

  test('an effect that takes too long is undone, and what it still tries reaches nobody', async () => {
    const hasty = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:', timeoutMs: 300, poolSize: 1 })
    const [call, before, may] = [anActionCall({}), await count(), gate()]
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    let late: unknown
    const run = inLedger(hasty, async ({ tx }) => {
      await add(tx)
      await may.passed
      late = await add(tx).catch((error: unknown) => error)
      return answer()
    })
    await expect(run(call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    may.open()
    await hasty.query('select 1')
    expect(String(late)).toMatch(/This transaction has ended/)
    warned.mockRestore()
    expect(await count()).toBe(before)
    await hasty.close()
  })

  test.each(['with a key', 'without one'])(
    'a rule that waits for the end is judged before the commit, of which a library may tell nothing (%s)',
    async (which) => {
      const mute: TransactionPort<pg.PoolClient> = async (work) => {
        let isCommitting = false
        try {
          return await withPg(async (opened) => {
            const result = await work(opened)
            isCommitting = true
            return result
          })
        } catch (error) {
          throw isCommitting ? new Error('commit failed') : error
        }
      }
      await database.script('create table if not exists public.rates (deal integer unique deferrable initially deferred)')
      const run = inLedger(database, ({ tx }) => tx.query('insert into public.rates values (1), (1)').then(() => answer()), {
        transaction: mute,
      })
      const call = anActionCall({}, which === 'with a key' ? {} : { key: null })
      expect(await run(call)).toMatchObject({ status: 422, recorded: call.key !== null, reason: '23505 rates_deal_key' })
    },
  )

  test('it waits for a lock as long as its own setting says, also where it waited for its key', async () => {
    const call = anActionCall({})
    const session = await openSession(url)
    await session.query('begin')
    await session.query('select pg_advisory_xact_lock(sync.key_lock($1, $2, $3))', [call.caller.tenant, call.caller.actor, call.key])
    const run = inLedger(database, async ({ tx }) => answer({ shown: await tx.query('show lock_timeout') }))(call)
    await untilWaiting(session)
    await session.query('rollback')
    expect(JSON.parse((await run).body)).toMatchObject({ shown: [{ lock_timeout: '0' }] })
    await session.end()
  })

  test('it is carried out once although a pooler has lost its first statement, which goes as it is from then on', async () => {
    const alone = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:', poolSize: 1 })
    let runs = 0
    const run = inLedger(alone, async ({ tx }) => {
      runs += 1
      return add(tx).then(() => answer())
    })
    const kept = () => alone.query(`select from pg_prepared_statements where name like 'org\\_api\\_%'`)
    await run(anActionCall({}))
    expect(await kept()).toHaveLength(1)
    await alone.write('deallocate all')
    const call = anActionCall({})
    expect([await run(call), await run(call)]).toMatchObject([
      { status: 200, replayed: false },
      { status: 200, replayed: true },
    ])
    expect([runs, await kept()]).toEqual([2, []])
    await alone.close()
  })

  test('it costs two round trips besides the effect’s own', async () => {
    const query = pg.Client.prototype.query
    const asked: string[] = []
    // Each call of it is a round trip.
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      asked.push(String((args[0] as { text?: string }).text ?? args[0]).slice(0, 35))
      return (query as (...all: unknown[]) => unknown).apply(this, args)
    } as typeof query
    try {
      await inLedger(database, async ({ tx }) => add(tx).then(() => answer()))(anActionCall({}))
    } finally {
      pg.Client.prototype.query = query
    }
    expect(asked).toEqual(
      [
        'select to_json(sync.claim_in_transaction(',
        'update public.deals set n = n + 1 w',
        "select 'recorded' as answer\n        from sync.record_in_transaction(",
      ].map((text) => text.slice(0, 35)),
    )
  })
})
