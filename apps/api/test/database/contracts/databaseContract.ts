import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/engine/database/Database.js'
import { DatabaseUnavailableError, sqlStateOf } from '../../../src/engine/database/DatabaseError.js'

/** What every implementation of the `Database` port must do. */
export function databaseContract(open: () => Promise<Database>): void {
  describe('database', () => {
    let database: Database

    beforeAll(async () => {
      database = await open()
      await database.script('create table if not exists public.notes (id int primary key, text text)')
    })

    afterAll(() => database.close())

    test('binds and returns values in one way', async () => {
      const [row] = await database.query(
        `select $1::text as text, $2::int as int, $3::boolean as bool, $4::text as nothing, $5::bigint as big, $6::jsonb as json,
           '18446744073709551615'::xid8 as xid, '2026-01-15T10:30:00Z'::timestamptz as at`,
        ["O'Hara", 7, true, null, 9_007_199_254_740_991, '{"a":[1]}'],
      )
      expect(row).toEqual({
        text: "O'Hara",
        int: 7,
        bool: true,
        nothing: null,
        big: '9007199254740991',
        json: { a: [1] },
        xid: '18446744073709551615',
        at: new Date('2026-01-15T10:30:00Z'),
      })
    })

    test('hands on the SQLSTATE of what Postgres refuses', async () => {
      const error = await database.query('select 1 / 0').catch((caught: unknown) => caught)
      expect(sqlStateOf(error)).toBe('22012')
    })

    test('answers many statements asked at once', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => database.query('select $1::int as n', [n])))
      expect(answers.map(([row]) => row?.n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
    })

    test('tells of a commit after a write and a script, not after a query or a failure', async () => {
      let heard = 0
      const unsubscribe = database.onCommit(() => {
        heard += 1
      })
      await database.query('select 1')
      await database.write('insert into public.notes values (1, $1)', ['a']).then(() => expect(heard).toBe(1))
      await expect(database.write('insert into public.notes values (1, $1)', ['again'])).rejects.toThrow()
      await database.script("insert into public.notes values (2, 'b')").then(() => expect(heard).toBe(2))
      unsubscribe()
      await database.write('delete from public.notes')
      expect(heard).toBe(2)
    })

    test('runs a script as one transaction', async () => {
      await expect(database.script("insert into public.notes values (3, 'c'); select 1 / 0;")).rejects.toThrow()
      expect(await database.query('select * from public.notes where id = 3')).toEqual([])
    })

    test('leaves nothing of a statement to the next one', async () => {
      await database.query(`select set_config('sync.actor', 'someone', true)`)
      const [row] = await database.query(`select nullif(current_setting('sync.actor', true), '') as actor`)
      expect(row).toEqual({ actor: null })
    })

    test('closes twice, and says afterwards that it is not available', async () => {
      const other = await open()
      await Promise.all([other.close(), other.close()])
      await expect(other.query('select 1')).rejects.toThrow(DatabaseUnavailableError)
    })
  })
}
