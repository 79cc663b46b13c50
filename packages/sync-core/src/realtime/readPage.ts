import { TABLES } from '@org/contracts/client'
import type { Report } from '../telemetry/report.js'
import { type Change, readChange } from './readChange.js'

export interface PageReaderOptions {
  report: Report
  /** True for tables that somebody here watches; a team's own, perhaps. */
  isWatched: (table: string) => boolean
}

// Enough to see what is wrong; a log of nonsense must not fill the telemetry.
const MOST_REPORTED = 100

/** Makes what checks the changes of a page one by one: an unreadable one is reported and left out, the others count. */
export function createPageReader({ report, isWatched }: PageReaderOptions): (wires: readonly unknown[]) => readonly Change[] {
  const unknown = new Set<string>()

  function reportUnknown(table: string): void {
    if (unknown.has(table) || unknown.size >= MOST_REPORTED) return
    unknown.add(table)
    report('TABLE_UNKNOWN', 'The change log mentions a table nobody here knows; its changes are left out.', { table: table.slice(0, 64) })
  }

  function read(wire: unknown): readonly Change[] {
    const table = (wire as { table?: unknown } | null)?.table
    if (typeof table !== 'string' || !(isWatched(table) || (TABLES as readonly string[]).includes(table))) {
      reportUnknown(String(table))
      return []
    }
    const reading = readChange(table, wire)
    if (reading.kind === 'change') return [reading.change]
    report('CHANGES_MALFORMED', `A logged change of "${table}" is ${reading.kind} and was left out.`, { table })
    return []
  }

  return (wires) => wires.flatMap(read)
}
