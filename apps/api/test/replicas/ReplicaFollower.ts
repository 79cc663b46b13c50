import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from './Cluster.js'

interface Page {
  changes: { table: string; version: number; new: { id: string } | null }[]
  next: string
  hasMore: boolean
}

const PAUSE_MS = 100

/** A client that follows its organisation over whichever replica answers, through every trouble. */
export class ReplicaFollower {
  readonly #cluster: Cluster
  /** The newest version it was told of, by table and id. */
  readonly #seen = new Map<string, number>()
  #cursor: string | null = null
  #member = 0
  #goesOn = true
  #following: Promise<void> | null = null

  private constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Knows all rows as they stand, and follows from there. */
  static async start(cluster: Cluster): Promise<ReplicaFollower> {
    const follower = new ReplicaFollower(cluster)
    while (!(await follower.#readAll())) await wait(PAUSE_MS)
    follower.#following = follower.#follow()
    return follower
  }

  /** Reads on until nothing is new; resolves to the changes it was never told of. */
  async missed(): Promise<string[]> {
    this.#goesOn = false
    await this.#following
    while (!(await this.#catchUp())) await wait(PAUSE_MS)
    const rows = await this.#rows()
    return rows.flatMap(({ of, version }) =>
      this.#seen.get(of) === version ? [] : [`${of}: at ${version}, told of ${this.#seen.get(of)}`],
    )
  }

  async #follow(): Promise<void> {
    while (this.#goesOn) {
      await this.#catchUp()
      await wait(PAUSE_MS)
    }
  }

  /** True once the last page was read; false when somebody could not answer. */
  async #catchUp(): Promise<boolean> {
    for (;;) {
      const page = await this.#read(this.#cursor)
      if (page === null) return false
      if (page === 'gone') return this.#readAll()
      for (const { table, version, new: row } of page.changes) if (row !== null) this.#see(`${table} ${row.id}`, version)
      this.#cursor = page.next
      if (!page.hasMore) return true
    }
  }

  /** First the cursor, then the rows: in this order nothing in between is lost. */
  async #readAll(): Promise<boolean> {
    const first = await this.#read(null)
    if (first === null || first === 'gone') return false
    const rows = await this.#rows().catch(() => null)
    if (rows === null) return false
    this.#cursor = first.next
    for (const { of, version } of rows) this.#see(of, version)
    return true
  }

  #see(of: string, version: number): void {
    this.#seen.set(of, Math.max(version, this.#seen.get(of) ?? 0))
  }

  async #rows(): Promise<{ of: string; version: number }[]> {
    const { rows } = await this.#cluster.sql.query(
      `select 'appointments ' || id as of, sync_version::int as version from public.appointments where org_id = 'org-1'
       union all select 'leads ' || id, sync_version::int from public.leads where org_id = 'org-1'`,
    )
    return rows
  }

  async #read(since: string | null): Promise<Page | 'gone' | null> {
    this.#member += 1
    const { replica } = this.#cluster.members[this.#member % this.#cluster.members.length] ?? {}
    const query = since === null ? '' : `?since=${encodeURIComponent(since)}`
    try {
      const response = await fetch(`${replica?.url}/api/sync/changes${query}`, {
        headers: { authorization: `Bearer ${this.#cluster.token}` },
        signal: AbortSignal.timeout(10_000),
      })
      if (response.status === 410) return 'gone'
      return response.status === 200 ? ((await response.json()) as Page) : null
    } catch {
      return null
    }
  }
}
