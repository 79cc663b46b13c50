import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { migrate } from '../../src/engine/migrations/migrate.js'
import { readMigrations } from '../../src/engine/migrations/readMigrations.js'
import { catalogOf } from './catalogOf.js'

const SQL = new URL('../../sql/', import.meta.url)

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
})

afterAll(() => server.stop())

const read = (path: string) => readFile(new URL(path, SQL), 'utf8')

/** The SQL of `sql/`, in the order it is written down. */
async function schemaFiles(): Promise<string[]> {
  const order = JSON.parse(await read('order.json')) as Record<string, string[]>
  return Promise.all(Object.values(order).flat().map(read))
}

async function catalogAfter(scripts: readonly string[]): Promise<string[]> {
  const database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
  try {
    // Roles, helpers and records, which belong to the runner.
    await migrate(database, [{ version: '1', name: 'nothing', sql: 'select 1', owner: null }])
    for (const script of scripts) await database.script(script)
    return await catalogOf(database)
  } finally {
    await database.close()
  }
}

test('the migrations make what the files show, and nothing else', async () => {
  const migrated = await catalogAfter((await readMigrations()).map(({ sql }) => sql))
  const shown = await catalogAfter([...(await schemaFiles()), 'call sync.close_inside()'])
  expect(migrated.length).toBeGreaterThan(300)
  expect(migrated).toEqual(shown)
})
