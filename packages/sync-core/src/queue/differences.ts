import type { Draft } from './Draft.js'
import { type EntryChange, gone, type QueueEntry } from './entry.js'

/** What became of the entries that a tab knew when all that is stored was read instead. */
export function differences(before: Draft, after: Draft): EntryChange[] {
  const news = after.entries().map((entry) => ({ before: before.find(entry.id), after: entry }))
  const missing = before.entries().filter(({ id }) => after.find(id) === undefined)
  return [
    ...news.filter((change) => !isSame(change.before, change.after)),
    ...missing.map((entry) => ({ before: entry, after: gone(entry.id, entry.key) })),
  ]
}

function isSame(before: QueueEntry | undefined, after: QueueEntry): boolean {
  return (
    before?.key === after.key &&
    before.record?.rev === after.record?.rev &&
    before.record?.state === after.record?.state &&
    before.problem?.code === after.problem?.code
  )
}
