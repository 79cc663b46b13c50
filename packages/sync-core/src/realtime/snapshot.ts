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

/** The API keeps no list of this table: it may not be tracked, or the API is not ours. Caught by who reads, and told as how much is known. */
export class NotListed extends Error {}

const OWN_LISTS: Readonly<Record<string, string>> = { appointments: PATHS.appointments, leads: PATHS.leads }

/**
 * Snapshots over this API's lists: `/api/rows/<table>` for any tracked table. The messages of `sms_messages` are read as
 * the histories of the leads whose messages are in the store.
 */
export function createRestSnapshot({ read, store }: RestSnapshotOptions): SnapshotLoader {
  async function fetchPage<Page>(path: string, schema: Schema<Page>, signal: AbortSignal): Promise<Page> {
    const { status, body } = await read(path, { signal })
    if (status === 404) throw new NotListed()
    const page = schema.safeParse(status === 200 ? body : undefined)
    if (page.success) return page.data
    throw new Error(`GET ${path} gave no page (status ${status}), so the rows are not complete. It will be read again.`)
  }

  async function* readList(path: string, name: string, signal: AbortSignal) {
    const schema = z.looseObject({ [name]: z.array(z.unknown()), nextCursor: z.nullable(z.string()) })
    let cursor: string | null = null
    for (;;) {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page: Record<string, unknown> = await fetchPage(`${path}?limit=${LIMITS.pageMax}${query}`, schema, signal)
      yield page[name] as readonly unknown[]
      const next = page.nextCursor as string | null
      if (next === null || next === cursor) return
      cursor = next
    }
  }

  /** Of a lead that is gone, or whose lead is somebody else's by now, there is nothing left to see. */
  function readHistory(path: string, signal: AbortSignal): Promise<readonly unknown[]> {
    const page = fetchPage(path, historySchema, signal)
    return page.then(({ sms_messages: messages }) => messages).catch((error) => (error instanceof NotListed ? [] : Promise.reject(error)))
  }

  async function* readHistories(signal: AbortSignal) {
    const leadIds = new Set(store.getRows('sms_messages').map(({ row }) => row.lead_id))
    for (const leadId of leadIds) {
      if (typeof leadId === 'string') yield await readHistory(PATHS.smsHistory(leadId), signal)
    }
  }

  return (table, signal) => {
    if (table === 'sms_messages') return readHistories(signal)
    const own = Object.hasOwn(OWN_LISTS, table) ? OWN_LISTS[table] : undefined
    return own === undefined ? readList(PATHS.rows(encodeURIComponent(table)), 'rows', signal) : readList(own, table, signal)
  }
}

const historySchema = z.looseObject({ sms_messages: z.array(z.unknown()) })
