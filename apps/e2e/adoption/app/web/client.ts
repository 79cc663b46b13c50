import { configureCriticalButtons } from '@org/critical-buttons'
import type { SnapshotLoader } from '@org/sync-core'
import { dealApprove } from '../shared/dealApprove.js'

const API = '/critical'

/** All rows of a table, page by page; the deals are a table that the buttons do not know by themselves. */
const snapshot: SnapshotLoader = (table, signal) => readPages(`${API}/api/rows/${table}?limit=200`, signal)

async function* readPages(path: string, signal: AbortSignal): AsyncIterable<readonly unknown[]> {
  let cursor: string | null = null
  do {
    const response: Response = await fetch(cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`, { signal })
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}.`)
    const page: { rows: unknown[]; nextCursor: string | null } = await response.json()
    yield page.rows
    cursor = page.nextCursor
  } while (cursor !== null)
}

export function startButtons(): void {
  configureCriticalButtons({ apiUrl: location.origin + API, actions: [dealApprove], snapshot })
}
