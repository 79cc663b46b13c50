import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import knex, { type Knex } from 'knex'
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import postgres from 'postgres'
import { DataSource, type EntityManager } from 'typeorm'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import type { TransactionPort } from '../../src/engine/effects/TransactionPort.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { inLedgerContract } from './contracts/inLedgerContract.js'

const PAGE = fileURLToPath(new URL('../../../docs/backend/own-action.md', import.meta.url))
/** Inside this package, so that what the page prints finds its libraries. */
const PRINTED = fileURLToPath(new URL('../../.results/transactionPorts/', import.meta.url))

type Printed = Record<string, (db: unknown) => TransactionPort<never>>

let server: PostgresServer
let database: Database
let printed: Printed
let kysely: Kysely<unknown>
let byKnex: Knex
let typeOrm: DataSource
let postgresJs: postgres.Sql

beforeAll(async () => {
  server = await startPostgres()
  const url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  printed = await readPrinted()
  kysely = new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) })
  byKnex = knex({ client: 'pg', connection: url })
  typeOrm = await new DataSource({ type: 'postgres', url }).initialize()
  postgresJs = postgres(url, { onnotice: () => undefined })
})

afterAll(async () => {
  await Promise.all([kysely?.destroy(), byKnex?.destroy(), typeOrm?.destroy(), postgresJs?.end()])
  await database?.close()
  await server?.stop()
})

/** How a library opens a transaction, in the words of the page. */
const port = <Tx>(name: string, db: unknown) => printed[name]?.(db) as unknown as TransactionPort<Tx>

inLedgerContract<Transaction<unknown>>('Kysely', () => ({
  database,
  transaction: port('withKysely', kysely),
  run: (tx, text) =>
    sql
      .raw(text)
      .execute(tx)
      .then(({ rows }) => rows),
}))

inLedgerContract<Knex.Transaction>('Knex', () => ({
  database,
  transaction: port('withKnex', byKnex),
  run: (tx, text) => tx.raw(text).then(({ rows }) => rows),
  // What has a name is told by that.
  reasonOf: (reason, text) => (reason === 'P0001 deal is archived' ? `P0001 ${text} - deal is archived` : reason),
}))

inLedgerContract<EntityManager>('TypeORM', () => ({
  database,
  transaction: port('withTypeOrm', typeOrm),
  // It answers an update with its rows and their number.
  run: (tx, text) => tx.query(text).then((rows) => (Array.isArray(rows?.[0]) ? rows[0] : rows)),
}))

inLedgerContract<postgres.TransactionSql>('postgres.js', () => ({
  database,
  transaction: port('withPostgresJs', postgresJs),
  run: (tx, text) => tx.unsafe(text),
}))

async function readPrinted(): Promise<Printed> {
  const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
  await rm(PRINTED, { recursive: true, force: true })
  await mkdir(PRINTED, { recursive: true })
  const modules = blocks.map(async (code, index): Promise<Printed> => {
    const path = join(PRINTED, `${index}.mjs`)
    await writeFile(path, code)
    return import(path)
  })
  return Object.assign({}, ...(await Promise.all(modules)))
}
