import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { syncChanges } from '../../../src/engine/changes/syncChanges.js'
import type { Database } from '../../../src/engine/database/Database.js'
import { anOrg, HINT, insertLeads, leadMessages, messagesOn, missedBroadcast } from '../realtime/messages.js'
import { aStoredLead } from './rows.js'

/** What a database with Supabase Realtime tells browsers at once. */
export function broadcastContract(current: () => Database): void {
  let database: Database

  beforeAll(() => {
    database = current()
  })
  beforeEach(() => missedBroadcast(database, 'never'))

  const caughtUp = async (org: string, since: string | null) => {
    const result = await syncChanges(database, { caller: { actor: 'x', tenant: org }, since, limit: 500 })
    if (result.kind === 'gone') throw new Error('the cursor is gone')
    return result.page
  }

  describe('a broadcast', () => {
    test('holds the changes of one statement as catching up shows them, inserts, updates and deletions', async () => {
      const org = anOrg()
      const { next } = await caughtUp(org, null)
      const id = await aStoredLead(database, { org })
      await database.write(insertLeads(org, 50))
      await database.write(`update public.leads set status = 'won' where org_id = $1 and id <> $2`, [org, id])
      await database.write('delete from public.leads where id = $1', [id])
      const { changes } = await caughtUp(org, next)
      const messages = (await leadMessages(database, org)) as { changes: unknown[] }[]
      expect(messages.map((message) => message.changes.length)).toEqual([1, 50, 50, 1])
      expect(messages.flatMap((message) => message.changes)).toEqual(changes)
    })

    test('goes to each organisation of a statement about its own rows', async () => {
      const [one, two] = [anOrg(), anOrg()]
      await database.write(`insert into public.leads (id, org_id, name) values ('${one}', '${one}', 'A'), ('${two}', '${two}', 'B')`)
      expect(await leadMessages(database, one)).toEqual([
        { changes: [expect.objectContaining({ new: expect.objectContaining({ id: one }) })] },
      ])
      expect(await leadMessages(database, two)).toEqual([
        { changes: [expect.objectContaining({ new: expect.objectContaining({ id: two }) })] },
      ])
    })

    test('tells the organisation that a row leaves of its end, and the other of the row', async () => {
      const [one, two] = [anOrg(), anOrg()]
      const id = await aStoredLead(database, { org: one })
      await database.write('update public.leads set org_id = $2 where id = $1', [id, two])
      expect((await leadMessages(database, one)).at(-1)).toEqual({
        changes: [expect.objectContaining({ eventType: 'DELETE', new: null, old: { id }, version: 2 })],
      })
      expect(await leadMessages(database, two)).toEqual([
        { changes: [expect.objectContaining({ eventType: 'UPDATE', new: expect.objectContaining({ org_id: two }), version: 2 })] },
      ])
    })

    test('is only a hint above 50 rows', async () => {
      const org = anOrg()
      await database.write(insertLeads(org, 51))
      await database.write(`update public.leads set status = 'won' where org_id = $1`, [org])
      const [bulk] = [anOrg()]
      await database.write(insertLeads(bulk, 1_000))
      expect(await leadMessages(database, org)).toEqual([HINT, HINT])
      expect(await leadMessages(database, bulk)).toEqual([HINT])
    })

    test('is only a hint above 200 kB, whatever the database compresses', async () => {
      const [fits, tooLarge, compressed] = [anOrg(), anOrg(), anOrg()]
      const random = "(select string_agg(md5(random()::text), '') from generate_series(1, 100))"
      await database.write(insertLeads(fits, 50, random))
      await database.write(insertLeads(tooLarge, 50, `${random} || ${random}`))
      await database.write(insertLeads(compressed, 2, "repeat('€', 40000)"))
      expect(await leadMessages(database, fits)).toEqual([{ changes: expect.anything() }])
      expect(await leadMessages(database, tooLarge)).toEqual([HINT])
      expect(await leadMessages(database, compressed)).toEqual([HINT])
    })

    test('of one row alone is only a hint above 200 kB, too', async () => {
      const [fits, tooLarge, compressed] = [anOrg(), anOrg(), anOrg()]
      await database.write(insertLeads(fits, 1, "repeat('€', 60000)"))
      await database.write(insertLeads(tooLarge, 1, "(select string_agg(md5(random()::text), '') from generate_series(1, 7000))"))
      await database.write(insertLeads(compressed, 1, "repeat('€', 70000)"))
      expect(await leadMessages(database, fits)).toEqual([{ changes: [expect.anything()] }])
      expect(await leadMessages(database, tooLarge)).toEqual([HINT])
      expect(await leadMessages(database, compressed)).toEqual([HINT])
    })

    test('follows each statement of a transaction, of one row, of several and of two organisations', async () => {
      const [org, other] = [anOrg(), anOrg()]
      const { next } = await caughtUp(org, null)
      await database.script(
        [
          insertLeads(org),
          insertLeads(org, 3),
          insertLeads(org),
          `update public.leads set org_id = '${other}' where org_id = '${org}'`,
        ].join(';\n'),
      )
      const messages = (await leadMessages(database, org)) as { changes: unknown[] }[]
      expect(messages.map((message) => message.changes.length)).toEqual([1, 3, 1, 5])
      expect(messages.flatMap((message) => message.changes)).toEqual((await caughtUp(org, next)).changes)
      expect(await leadMessages(database, other)).toEqual([{ changes: Array.from({ length: 5 }, () => expect.anything()) }])
    })

    test('is one hint after twenty in a transaction, which stands for all that follows', async () => {
      const [org, other] = [anOrg(), anOrg()]
      await database.script([...Array.from({ length: 30 }, () => insertLeads(org)), insertLeads(other), insertLeads(other)].join(';\n'))
      const messages = await leadMessages(database, org)
      expect(messages).toHaveLength(21)
      expect(messages.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => ({ changes: [expect.anything()] })))
      expect(messages.at(-1)).toEqual(HINT)
      expect(await leadMessages(database, other)).toEqual([HINT])
    })

    test('is thirty for one transaction, however many organisations it touches', async () => {
      const org = anOrg()
      await database.write(
        `insert into public.leads (id, org_id, name) select '${org}' || n, '${org}' || n, 'A' from generate_series(1, 400) n`,
      )
      const [row] = await database.query(`select count(*)::int as count from realtime.messages where starts_with(topic, $1)`, [
        `sync:leads:${org}`,
      ])
      expect(row?.count).toBe(30)
    })

    test('says nothing of what a savepoint took back, and all of what follows', async () => {
      const org = anOrg()
      await database.script(`${insertLeads(org)};
        do $$ begin
          begin
            ${insertLeads(org, 7)};
            raise exception 'no';
          exception when others then null;
          end;
        end $$;
        ${insertLeads(org, 3)}`)
      const messages = (await leadMessages(database, org)) as { changes: unknown[] }[]
      expect(messages.map((message) => message.changes.length)).toEqual([1, 3])
    })

    test('is not sent of what nobody sees', async () => {
      const org = anOrg()
      const id = await aStoredLead(database, { org })
      await database.write('update public.leads set name = name where id = $1', [id])
      await database.write(`update public.leads set name = 'B' where id = 'nobody'`)
      expect(await leadMessages(database, org)).toHaveLength(1)
    })

    test('is not sent where the binary frame has no place for the name of the channel', async () => {
      const fits = `${'€'.repeat(78)}`
      await aStoredLead(database, { org: fits })
      await aStoredLead(database, { org: `${fits}x` })
      expect(await leadMessages(database, fits)).toHaveLength(1)
      expect(Buffer.byteLength(`realtime:sync:leads:${fits}`)).toBe(254)
      await aStoredLead(database, { org: `${fits}xy` })
      expect(await leadMessages(database, `${fits}x`)).toHaveLength(1)
      expect(await leadMessages(database, `${fits}xy`)).toHaveLength(0)
    })

    test('goes out for tables of the inside too', async () => {
      const org = anOrg()
      await database.write(`insert into sync.sms_messages (id, org_id, lead_id, message) values ($1, $1, 'l', 'Hi')`, [org])
      expect(await messagesOn(database, `sync:sms_messages:${org}`)).toEqual([
        { changes: [expect.objectContaining({ table: 'sms_messages', eventType: 'INSERT' })] },
      ])
    })
  })

  describe('after a message that did not go out in time', () => {
    test('nobody tries for a second, clients are told to read the log for a minute, then of the changes again', async () => {
      const org = anOrg()
      await missedBroadcast(database, 500)
      await database.write(insertLeads(org))
      expect(await leadMessages(database, org)).toEqual([])
      await missedBroadcast(database, 59_000)
      await database.write(insertLeads(org))
      expect(await leadMessages(database, org)).toEqual([HINT])
      await missedBroadcast(database, 61_000)
      await database.write(insertLeads(org))
      expect(await leadMessages(database, org)).toEqual([HINT, { changes: [expect.anything()] }])
    })
  })
}
