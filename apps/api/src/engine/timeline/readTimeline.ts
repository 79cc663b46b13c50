import type { Database } from '../database/Database.js'
import { clickEvent, clickVerdict } from './describeClick.js'
import { CLICK_WORDS, type FoundClick, findClicks, readClicks } from './findClicks.js'
import { changeEvent, changesOfClicks, changesOfRow, clicksBehind, rowNow, tableNames, tableOf } from './rowHistory.js'
import { type Asked, type ClickName, MOST_CLICKS, type Timeline, type TimelineEvent, type TimelineSource } from './Timeline.js'
import { UnknownWordError } from './UnknownWordError.js'

export interface ReadTimelineOptions extends Asked {
  /** What modules know. */
  sources: readonly TimelineSource[]
}

/**
 * Everything that is known of a click, a person, a row or what a module knows: who clicked what when, what the ledger
 * answered, which rows changed, what became of it since. Record the look first (`recordAudit`).
 * @throws {UnknownWordError} when `subject.kind` is nothing that can be asked for
 * Limits: the ledger keeps 30 days, the change log 7; a refusal changed no row, so it is found by key or person alone.
 */
export async function readTimeline(database: Database, { subject, tenant, sources }: ReadTimelineOptions): Promise<Timeline> {
  const table = await tableOf(database, subject.kind)
  const words = [...CLICK_WORDS, ...sources.flatMap((source) => source.words)]
  if (table === null && !words.includes(subject.kind)) throw new UnknownWordError(subject.kind, [...words, ...(await tableNames(database))])
  const asked: Asked = { subject: table === null ? subject : { kind: table, id: subject.id }, tenant }
  const found = await findClicks(database, asked)
  const direct = found.slice(0, MOST_CLICKS)
  const row = table === null ? null : await readRow(database, { table, id: subject.id, tenant })
  const behindRow = await readClicks(database, unknown(row?.clicks ?? [], direct))
  const refs = [...direct, ...behindRow].flatMap(({ ref }) => (ref === null ? [] : [ref]))
  const told = await Promise.all(sources.map((source) => source.look({ ...asked, refs })))
  const led = await readClicks(
    database,
    unknown(
      told.flatMap((source) => source.clicks),
      [...direct, ...behindRow],
    ),
  )
  const clicks = [...direct, ...behindRow, ...led].slice(0, MOST_CLICKS)
  const changes = [...(row?.changes ?? []), ...(await changesOfClicks(database, clicks)).map(changeEvent)]
  return {
    verdicts: [...(row?.verdicts ?? []), ...told.flatMap(({ verdicts }) => verdicts), ...clicks.map(clickVerdict)],
    events: inOrder([...clicks.map(clickEvent), ...distinct(changes), ...told.flatMap(({ events }) => events)]),
    more: found.length > MOST_CLICKS,
  }
}

async function readRow(database: Database, { table, id, tenant }: { table: string; id: string; tenant: string | null }) {
  const [changes, now] = await Promise.all([changesOfRow(database, { table, id }, tenant), rowNow(database, { table, id }, tenant)])
  const last = now?.click ?? null
  return {
    changes: changes.map(changeEvent),
    verdicts: now === null ? [] : [now.verdict],
    clicks: last === null ? clicksBehind(changes) : [last, ...clicksBehind(changes)],
  }
}

const identity = ({ tenant, actor, key }: ClickName) => JSON.stringify([tenant, actor, key])

/** Those that were not found yet, each once. */
function unknown(names: readonly ClickName[], known: readonly FoundClick[]): ClickName[] {
  const seen = new Set(known.map(identity))
  return names.filter((name) => !seen.has(identity(name)) && seen.add(identity(name)))
}

/** A row of which a look is about and which its clicks changed is told once. */
function distinct(changes: readonly TimelineEvent[]): TimelineEvent[] {
  return [
    ...new Map(
      changes.map((change) => [JSON.stringify([change.tenant, change.table, change.id, change.version, change.op]), change]),
    ).values(),
  ]
}

// Stable: what is of one instant keeps the order click, rows, what followed.
const inOrder = (events: readonly TimelineEvent[]) => events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
