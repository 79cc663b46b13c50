import { createHash } from 'node:crypto'
import type { FeedChange } from './ChangeFeed.js'
import { type Condition, parseFilter } from './parseFilter.js'
import { passesFilter } from './passesFilter.js'

/** What a client asked to hear of: one entry of `config.postgres_changes`, as it came. */
export type BindingParams = Readonly<Record<string, unknown>>

/** A binding the gateway can serve. */
export interface Binding {
  id: number
  event: '*' | 'INSERT' | 'UPDATE' | 'DELETE'
  table: string
  conditions: readonly Condition[]
}

export type ParsedBinding = { ok: true; binding: Binding } | { ok: false; reason: string }

/** The join reply's entry: what was asked, in its own words, and the id. */
export function echoBinding(params: BindingParams): Record<string, unknown> {
  return { ...params, id: bindingId(params) }
}

/** Same parameters, same id, in every connection and after every restart. 1 to 2^27. */
export function bindingId(params: BindingParams): number {
  const canonical = JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
  // Never 0: the client takes an id that is falsy for none.
  return (createHash('sha256').update(canonical).digest().readUInt32BE(0) % 2 ** 27) + 1
}

/**
 * Reads one binding. Schema `public` and `*` are known; a table must be in the publication. Pure.
 */
export function parseBinding(params: BindingParams, publication: readonly string[]): ParsedBinding {
  const { schema = 'public', table = '*', filter = '' } = params
  if (params.schema === undefined && params.table === undefined)
    return { ok: false, reason: 'No subscription params provided. Please provide at least a `schema` or `table` to subscribe to' }
  if (typeof schema !== 'string' || typeof table !== 'string' || typeof filter !== 'string') return { ok: false, reason: disabled(params) }
  const parsed = parseFilter(filter)
  if (!parsed.ok) return { ok: false, reason: `Error parsing \`filter\` params: ${parsed.reason}` }
  const published = ['public', '*'].includes(schema) && (table === '*' || publication.includes(table))
  if (!published) return { ok: false, reason: disabled(params) }
  return { ok: true, binding: { id: bindingId(params), event: readEvent(params.event), table, conditions: parsed.conditions } }
}

function disabled({ event, schema, table, filter }: BindingParams): string {
  const asked = Object.entries({ event, schema, table, filter }).map(([name, value]) => `${name}: ${value}`)
  return `Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: [${asked.join(', ')}]`
}

function readEvent(event: unknown): Binding['event'] {
  const name = typeof event === 'string' ? event.toUpperCase() : '*'
  return name === 'INSERT' || name === 'UPDATE' || name === 'DELETE' ? name : '*'
}

/**
 * True when `binding` asks for `change`. The filter sees the new row, so a row that leaves it gives
 * no event; of a deleted row only the key is known, so a filter on anything else gives none. Pure.
 */
export function bindingMatches(binding: Binding, change: FeedChange): boolean {
  if (binding.event !== '*' && binding.event !== change.eventType) return false
  if (binding.table !== '*' && binding.table !== change.table) return false
  return passesFilter(change.new ?? change.old ?? {}, binding.conditions)
}
