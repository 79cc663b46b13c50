import { LIMITS, PATHS, type Schema, z } from '@org/contracts/client'
import type { EntityStore } from '../store/EntityStore.js'
import type { Read } from './ChangeLogReader.js'

/**
 * Reads all rows of a table, page by page in the order of their keys; throws when a page cannot be read.
 * Not asked for more once the client has all the rows it keeps.
 * Undefined: this table has no way to be read as a whole, so only its changes are followed; should the change log
 * forget some of them, the table stays `stale`.
 */
export type SnapshotLoader = (table: string, signal: AbortSignal) => AsyncIterable<readonly unknown[]> | undefined

export interface RestSnapshotOptions {
  read: Read
  store: EntityStore
}

const LISTS: Readonly<Record<string, string>> = { appointments: PATHS.appointments, leads: PATHS.leads }

/**
 * Snapshots over this API's lists. `sms_messages` has no list: the histories of the leads whose messages
 * are in the store are read again.
 */
export function createRestSnapshot({ read, store }: RestSnapshotOptions): SnapshotLoader {
  async function fetchPage<Page>(path: string, schema: Schema<Page>, signal: AbortSignal): Promise<Page> {
    const { status, body } = await read(path, { signal })
    const page = schema.safeParse(status === 200 ? body : undefined)
    if (page.success) return page.data
    throw new Error(`GET ${path} gave no page (status ${status}), so the rows are not complete. It will be read again.`)
  }

  async function* readList(table: string, path: string, signal: AbortSignal) {
    const schema = z.looseObject({ [table]: z.array(z.unknown()), nextCursor: z.nullable(z.string()) })
    let cursor: string | null = null
    for (;;) {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page: Record<string, unknown> = await fetchPage(`${path}?limit=${LIMITS.pageMax}${query}`, schema, signal)
      yield page[table] as readonly unknown[]
      const next = page.nextCursor as string | null
      if (next === null || next === cursor) return
      cursor = next
    }
  }

  async function* readHistories(signal: AbortSignal) {
    const leadIds = new Set(store.getRows('sms_messages').map(({ row }) => row.lead_id))
    for (const leadId of leadIds) {
      if (typeof leadId === 'string') yield (await fetchPage(PATHS.smsHistory(leadId), historySchema, signal)).sms_messages
    }
  }

  return (table, signal) => {
    const path = Object.hasOwn(LISTS, table) ? LISTS[table] : undefined
    if (path !== undefined) return readList(table, path, signal)
    return table === 'sms_messages' ? readHistories(signal) : undefined
  }
}

const historySchema = z.looseObject({ sms_messages: z.array(z.unknown()) })
