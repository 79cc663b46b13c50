import { syncChanges } from '../../src/engine/changes/syncChanges.js'
import type { Database } from '../../src/engine/database/Database.js'
import type { Caller } from '../../src/engine/ledger/ActionCall.js'

/** A client that follows one organisation: by cursor, and by reading all rows when a cursor is gone. */
export class Follower {
  /** Ids of the rows it knows of. */
  readonly seen = new Set<string>()
  /** How often each change came, by row and version. */
  readonly told: string[] = []
  /** How often it was sent back to read all rows. */
  refetches = 0
  readonly #database: () => Database
  readonly #caller: Caller
  #cursor: string | null = null

  constructor(database: () => Database, caller: Caller) {
    this.#database = database
    this.#caller = caller
  }

  /** A first cursor, then the rows: in this order nothing in between is lost. */
  async fetch(): Promise<void> {
    const result = await syncChanges(this.#database(), { caller: this.#caller, since: null, limit: 1 })
    if (result.kind === 'gone') throw new Error('a first cursor is never gone')
    this.#cursor = result.page.next
    const rows = await this.#database().query<{ id: string }>('select id from public.leads where org_id = $1', [this.#caller.tenant])
    for (const { id } of rows) this.seen.add(id)
  }

  /** Reads what is new; once more from the start when the cursor is gone. */
  async follow(): Promise<void> {
    for (;;) {
      const result = await syncChanges(this.#database(), { caller: this.#caller, since: this.#cursor, limit: 100 })
      if (result.kind === 'gone') {
        this.refetches += 1
        if (this.refetches > 3) throw new Error('410 in a circle')
        await this.fetch()
        continue
      }
      for (const { new: row, version } of result.page.changes) {
        this.told.push(`${row?.id} ${version}`)
        if (row) this.seen.add(row.id)
      }
      this.#cursor = result.page.next
      if (!result.page.hasMore) return
    }
  }
}
