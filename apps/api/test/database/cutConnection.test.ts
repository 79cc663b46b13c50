import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../../src/engine/database/DatabaseError.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { FaultProxy } from '../replicas/FaultProxy.js'
import { endAll } from '../support/endAll.js'
import { openSession } from './openSession.js'

let server: PostgresServer
let network: FaultProxy
let session: pg.Client
let url: URL

beforeAll(async () => {
  server = await startPostgres()
  url = new URL(await server.createDatabase())
  session = await openSession(url.href)
  network = await FaultProxy.to(Number(url.port))
  url.port = String(network.port)
})

afterAll(() =>
  endAll(
    () => session.end(),
    () => network.close(),
    () => server.stop(),
  ),
)

/** Opens a database whose network is cut at the next `run` of what it does first on each connection. */
async function openCut(cut: (pid: unknown) => Promise<unknown>): Promise<Database> {
  return openDatabase({
    databaseUrl: url.href,
    dataDirectory: ':memory:',
    onConnect: async (run) => {
      const [{ pid } = { pid: null }] = ((await run('select pg_backend_pid() as pid')) as { rows: { pid: number }[] }).rows
      const asked = run('select pg_sleep(5)')
      asked.catch(() => undefined)
      await cut(pid)
      await asked
    },
  })
}

test.each<[string, (pid: unknown) => Promise<unknown>]>([
  ['is cut', async () => network.cut()],
  ['is ended by the server', (pid) => session.query('select pg_terminate_backend($1)', [pid])],
])('a new connection that %s while it is looked at is trouble of the request, not the end of the process', async (_how, cut) => {
  const database = await openCut(cut)
  await expect(database.query('select 1')).rejects.toBeInstanceOf(DatabaseUnavailableError)
  await database.close()
})

test('a database that takes no writes is away for clicks, and its connections are given up: another server may be the one by then', async () => {
  await session.query('create table if not exists public.written (n int)')
  const name = url.pathname.slice(1)
  const database = await openDatabase({ databaseUrl: url.href, dataDirectory: ':memory:', poolSize: 2 })
  const ways = [
    () => database.write('insert into public.written values (1)'),
    () => database.script('insert into public.written values (1)'),
    () => database.transaction((tx) => tx.query('insert into public.written values (1)')),
  ]
  try {
    await session.query(`alter database "${name}" set default_transaction_read_only = on`)
    for (const write of ways) {
      const failure = expect(write()).rejects
      await failure.toBeInstanceOf(DatabaseUnavailableError)
      await expect(write()).rejects.toThrow(/takes no writes/)
    }
    await session.query(`alter database "${name}" reset default_transaction_read_only`)
    for (const write of ways) await write()
  } finally {
    await session.query(`alter database "${name}" reset default_transaction_read_only`)
    await database.close()
  }
})
