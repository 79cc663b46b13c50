import type { MutationRecord } from '../mutation/MutationRecord.js'
import { Draft } from './Draft.js'
import { writeRecord } from './writeRecord.js'

/** The entries a storage would hold for these records: records, lanes and counts. For a storage that starts anew. */
export function rebuildEntries(records: Iterable<MutationRecord>): Map<string, unknown> {
  const stored = [...records].filter((record) => record.seq !== null)
  const draft = new Draft({ entries: new Map(), lanes: new Map(), isComplete: true })
  draft.attempt(() => {
    draft.meta = { ...draft.meta, seq: stored.reduce((highest, record) => Math.max(highest, record.seq ?? 0), 0) }
    for (const record of stored) writeRecord(draft, record)
  })
  return new Map(draft.writes().map(({ key, value }) => [key, value]))
}
