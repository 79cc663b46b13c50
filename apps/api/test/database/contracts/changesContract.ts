import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { syncChangesPageSchema } from '@org/contracts'
import { cleanUp } from '../../../src/engine/background/cleanUp.js'
import type { TenantChange } from '../../../src/engine/changes/ChangeFeed.js'
import { createChangeFeed } from '../../../src/engine/changes/createChangeFeed.js'
import { syncChanges } from '../../../src/engine/changes/syncChanges.js'
import type { Database } from '../../../src/engine/database/Database.js'
import { ANA, aKey, anActionCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { listRows } from '../../../src/engine/rows/listRows.js'
import { updateLeadStatus } from '../../../src/modules/leads/updateLeadStatus.js'
import { aStoredAppointment, aStoredLead, ledgerRow } from './rows.js'

/** What clients learn of committed changes, and what retention takes away. */
export function changesContract(current: () => Database): void {
  let database: Database

  beforeAll(() => {
    database = current()
  })

  /** An organisation of this test alone. */
  const anOrg = () => ({ actor: ANA.actor, tenant: `org-${randomUUID()}` })
  const read = async (caller: { actor: string; tenant: string }, since: string | null, limit = 100) => {
    const result = await syncChanges(database, { caller, since, limit })
    if (result.kind === 'gone') throw new Error('the cursor is gone')
    return syncChangesPageSchema.parse(result.page)
  }

  describe('change log', () => {
    test('starts with an empty page and a cursor, from which nothing is missed', async () => {
      const org = anOrg()
      await aStoredLead(database, { org: org.tenant })
      const first = await read(org, null)
      expect(first).toMatchObject({ changes: [], hasMore: false, horizonLagMs: 0 })
      const id = await aStoredLead(database, { org: org.tenant })
      const { changes } = await read(org, first.next)
      expect(changes.at(-1)).toMatchObject({ table: 'leads', eventType: 'INSERT', version: 1, new: { id, version: 1 }, old: null })
    })

    test('tells who changed a row and with which click', async () => {
      const org = anOrg()
      const id = await aStoredLead(database, { org: org.tenant })
      const { next } = await read(org, null)
      const call = anActionCall({ leadId: id, status: 'won' as const }, { caller: org })
      await updateLeadStatus(database, call)
      const { changes } = await read(org, next)
      expect(changes).toEqual([
        {
          table: 'leads',
          eventType: 'UPDATE',
          version: 2,
          new: expect.objectContaining({ id, status: 'won', version: 2, updated_by: ANA.actor, last_mutation_key: call.key }),
          old: { id },
          origin: { actor: ANA.actor, mutationKey: call.key },
        },
      ])
    })

    test('forgets the author when no mutation wrote', async () => {
      const org = anOrg()
      const id = await aStoredLead(database, { org: org.tenant })
      await updateLeadStatus(database, anActionCall({ leadId: id, status: 'won' as const }, { caller: org }))
      const { next } = await read(org, null)
      await database.write(`update public.leads set name = 'Anna Lee', sync_by = 'forged', sync_version = 99 where id = $1`, [id])
      expect((await read(org, next)).changes).toMatchObject([{ version: 3, new: { updated_by: null, last_mutation_key: null } }])
    })

    test('pages without losing or repeating a change', async () => {
      const org = anOrg()
      const { next: start } = await read(org, null)
      const ids = []
      for (let n = 0; n < 7; n += 1) ids.push(await aStoredLead(database, { org: org.tenant }))
      const seen: string[] = []
      let [cursor, hasMore] = [start, true]
      while (hasMore) {
        const page = await read(org, cursor, 3)
        seen.push(...page.changes.map((change) => change.new?.id ?? ''))
        ;[cursor, hasMore] = [page.next, page.hasMore]
      }
      expect(seen).toEqual(ids)
      expect((await read(org, cursor)).changes).toEqual([])
    })

    test('shows nothing of other organisations, and moves the cursor past their rows', async () => {
      const [org, other] = [anOrg(), anOrg()]
      const { next } = await read(org, null)
      await aStoredLead(database, { org: other.tenant })
      const page = await read(org, next)
      expect(page.changes).toEqual([])
      expect(page.next).not.toBe(next)
    })

    test('goes on counting versions when a row is deleted and made anew', async () => {
      const org = anOrg()
      const id = await aStoredLead(database, { org: org.tenant })
      const { next } = await read(org, null)
      await database.write('delete from public.leads where id = $1', [id])
      await database.write(`insert into public.leads (id, org_id, name) values ($1, $2, 'Anna')`, [id, org.tenant])
      expect((await read(org, next)).changes).toMatchObject([
        { eventType: 'DELETE', version: 2, new: null, old: { id } },
        { eventType: 'INSERT', version: 3, new: { id, version: 3 } },
      ])
    })

    test('tells the organisation a row leaves that it is gone, and the one it enters that it is there', async () => {
      const [from, to] = [anOrg(), anOrg()]
      const id = await aStoredLead(database, { org: from.tenant })
      const cursors = { from: (await read(from, null)).next, to: (await read(to, null)).next }
      await database.write('update public.leads set org_id = $1 where id = $2', [to.tenant, id])
      expect((await read(from, cursors.from)).changes).toMatchObject([{ eventType: 'DELETE', version: 2, new: null, old: { id } }])
      expect((await read(to, cursors.to)).changes).toMatchObject([{ eventType: 'UPDATE', version: 2, new: { id, org_id: to.tenant } }])
    })

    test('does not let a row change its id, nor a table be truncated behind its back', async () => {
      const id = await aStoredLead(database)
      await expect(database.write(`update public.leads set id = 'other' where id = $1`, [id])).rejects.toThrow('never changes')
      await expect(database.write('truncate public.appointments')).rejects.toThrow('would escape the change log')
    })

    test.each(['', 'nonsense', 'epoch-of-another-life.1.0.1.ab', "'; drop table sync.ledger; --"])(
      'says that the cursor "%s" is gone',
      async (since) => {
        const { epoch } = await read(ANA, null)
        expect(await syncChanges(database, { caller: ANA, since, limit: 10 })).toEqual({ kind: 'gone', epoch })
      },
    )

    test('says that a cursor beyond the log, or before what was trimmed, is gone', async () => {
      const { epoch } = await read(ANA, null)
      const gone = { kind: 'gone', epoch }
      expect(await syncChanges(database, { caller: ANA, since: `${epoch}.999999999999.0.0.ab`, limit: 10 })).toEqual(gone)
      expect(await syncChanges(database, { caller: ANA, since: `${epoch}.0.0.0.ab`, limit: 10 })).toEqual(gone)
    })
  })

  describe('change feed', () => {
    test('hears of every organisation, once and in order, from the moment it started', async () => {
      const [org, other] = [anOrg(), anOrg()]
      await aStoredLead(database, { org: org.tenant })
      const heard: TenantChange[] = []
      let wake = (): void => undefined
      const feed = createChangeFeed(database, { pollMs: 20 })
      feed.subscribe((changes) => {
        heard.push(...changes.filter(({ tenant }) => tenant === org.tenant || tenant === other.tenant))
        wake()
      })
      await feed.start()
      const ids = []
      for (const { tenant } of [org, other, org]) ids.push(await aStoredLead(database, { org: tenant }))
      while (heard.length < ids.length) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      await feed.close()
      expect(heard.map(({ tenant, change }) => [tenant, change.new?.id])).toEqual([
        [org.tenant, ids[0]],
        [other.tenant, ids[1]],
        [org.tenant, ids[2]],
      ])
    })
  })

  describe('lists', () => {
    test('pages through the rows of the caller alone, in order of id', async () => {
      const [org, other] = [anOrg(), anOrg()]
      const ids = []
      for (let n = 0; n < 5; n += 1) ids.push(await aStoredLead(database, { org: org.tenant }))
      await aStoredLead(database, { org: other.tenant })
      const first = await listRows(database, { table: 'leads', caller: org, limit: 3, cursor: null })
      const second = await listRows(database, { table: 'leads', caller: org, limit: 3, cursor: first.nextCursor })
      expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual([...ids].sort())
      expect([first.rows.length, second.nextCursor]).toEqual([3, null])
    })

    test('shows appointments as clients read them', async () => {
      const org = anOrg()
      const id = await aStoredAppointment(database, { org: org.tenant })
      const page = await listRows(database, { table: 'appointments', caller: org, limit: 1, cursor: null })
      expect(page).toMatchObject({ rows: [{ id, status: 'pending', version: 1 }], nextCursor: null })
    })
  })

  describe('retention', () => {
    test('forgets keys after 30 days and a day of grace, in batches', async () => {
      const age = (key: string, interval: string) =>
        database.write(`update sync.ledger set created_at = now() - $2::interval where key = $1`, [key, interval])
      const keys = []
      for (let n = 0; n < 5; n += 1) {
        const key = aKey()
        keys.push(key)
        await updateLeadStatus(database, anActionCall({ leadId: await aStoredLead(database), status: 'won' as const }, { key }))
        await age(key, n === 0 ? '30 days' : '32 days')
      }
      expect((await cleanUp(database, { batch: 2 })).ledger).toBe(4)
      expect(await ledgerRow(database, keys[0] ?? null)).toBeDefined()
      expect(await ledgerRow(database, keys[1] ?? null)).toBeUndefined()
    })

    test('remembers how far a deleted row had counted as long as keys, and no longer', async () => {
      const ids = [await aStoredLead(database), await aStoredLead(database)]
      for (const id of ids) await database.write('delete from public.leads where id = $1', [id])
      const age = (id: string | undefined, interval: string) =>
        database.write('update sync.tombstones set deleted_at = now() - $2::interval where pk = $1', [id ?? null, interval])
      await age(ids[0], '30 days')
      await age(ids[1], '32 days')
      expect((await cleanUp(database)).tombstones).toBe(1)
      expect(await database.query('select pk from sync.tombstones where pk = any ($1::text[])', [`{${ids.join(',')}}`])).toEqual([
        { pk: ids[0] },
      ])
    })

    test('trims the change log after 7 days, and sends cursors older than that away', async () => {
      const org = anOrg()
      const { next: old } = await read(org, null)
      for (let n = 0; n < 2; n += 1) await aStoredLead(database, { org: org.tenant })
      const { next: young } = await read(org, old)
      await aStoredLead(database, { org: org.tenant })
      const xid = young.split('.')[1] ?? ''
      await database.write(`update sync.change_log set changed_at = now() - interval '8 days' where xid < $1::xid8`, [xid])
      expect((await cleanUp(database, { batch: 200 })).changeLog).toBeGreaterThan(0)
      expect(await syncChanges(database, { caller: org, since: old, limit: 10 })).toMatchObject({ kind: 'gone' })
      expect((await read(org, young)).changes).toHaveLength(1)
      expect((await cleanUp(database)).changeLog).toBe(0)
    })
  })
}
