import type { MutationRecord } from '../mutation/MutationRecord.js'
import { Draft } from './Draft.js'
import { keysOf, META_KEY, writeRecord } from './writeRecord.js'

/** The entries a storage would hold for these records: records, lanes and counts. For a storage that starts anew. */
export function rebuildEntries(records: Iterable<MutationRecord>): Map<string, unknown> {
  const stored = [...records].filter((record) => record.seq !== null)
  const entries = new Map<string, unknown>()
  const draft = new Draft()
  const keys = [META_KEY, ...stored.flatMap(keysOf)]
  draft.preset(keys)
  const seq = stored.reduce((highest, record) => Math.max(highest, record.seq ?? 0), 0)
  draft.put(META_KEY, { seq, unfinished: 0, bytes: 0 })
  for (const record of stored) writeRecord(draft, record)
  for (const { key, value } of draft.writes()) if (value !== undefined) entries.set(key, value)
  return entries
}
