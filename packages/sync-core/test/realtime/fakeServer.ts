import type { BaseRow, SyncChange } from '@org/contracts'
import type { Read } from '../../src/realtime/ChangeLogReader.js'

type Answer = Awaited<ReturnType<Read>>

export interface FakeServer {
  readonly read: Read
  /** Paths asked, oldest first. */
  readonly asked: string[]
  /** Commits one write and returns it as the feed would push it. */
  write(
    table: string,
    id: string,
    fields?: Record<string, unknown>,
  ): { eventType: 'INSERT' | 'UPDATE'; new: BaseRow; old: { id: string } | null }
  remove(table: string, id: string): { eventType: 'DELETE'; new: null; old: { id: string } }
  row(table: string, id: string): BaseRow | undefined
  rows(table: string): readonly BaseRow[]
  /** Forgets the log, so that every cursor is gone. */
  trimLog(): void
  /** As after a restore: a new epoch, other rows. */
  restore(rows: Readonly<Record<string, readonly BaseRow[]>>): void
  /** The next answers come from here instead of the rows, one each; an error is thrown. */
  readonly answerNext: (Answer | Error)[]
  /** Answers from now on are made at once and arrive only after `answer`. */
  hang(): void
  answer(): void
  pageSize: number
  horizonLagMs: number
  /** Tables that have no list, and leads without a history: 404. */
  readonly untracked: Set<string>
}

/** Rows, a change log with a cursor, and the three reads over them. */
export function fakeServer(): FakeServer {
  const tables = new Map<string, Map<string, BaseRow>>()
  const versions = new Map<string, number>()
  let log: SyncChange[] = []
  let trimmed = 0
  let epoch = 'epoch-1'
  let gate: Promise<void> | null = null
  let openGate = () => {}

  const rowsOf = (table: string) => tables.get(table) ?? tables.set(table, new Map()).get(table)!

  function nextVersion(table: string, id: string): number {
    const version = (versions.get(`${table}/${id}`) ?? 0) + 1
    versions.set(`${table}/${id}`, version)
    return version
  }

  function changes(since: string | null): Answer {
    if (since === null) return page([], trimmed + log.length, false)
    const [sinceEpoch, position] = since.split(':')
    if (sinceEpoch !== epoch || Number(position) < trimmed) {
      return { status: 410, body: { success: false, code: 'CURSOR_GONE', mustRefetch: true, epoch } }
    }
    const from = Number(position) - trimmed
    const slice = log.slice(from, from + server.pageSize)
    return page(slice, Number(position) + slice.length, from + slice.length < log.length)
  }

  function page(slice: readonly SyncChange[], next: number, hasMore: boolean): Answer {
    return { status: 200, body: { changes: slice, next: `${epoch}:${next}`, hasMore, horizonLagMs: server.horizonLagMs, epoch } }
  }

  function list(table: string, name: string, after: string | null, limit: number): Answer {
    const all = [...rowsOf(table).values()].sort((a, b) => (a.id < b.id ? -1 : 1)).filter(({ id }) => after === null || id > after)
    const shown = all.slice(0, limit)
    return { status: 200, body: { [name]: shown, nextCursor: shown.length < all.length ? shown.at(-1)!.id : null } }
  }

  function answer(path: string): Answer {
    const url = new URL(path, 'http://api.test')
    if (url.pathname === '/api/sync/changes') return changes(url.searchParams.get('since'))
    const history = /^\/api\/leads\/(.+)\/sms-history$/.exec(url.pathname)
    if (history && !server.untracked.has(history[1]!))
      return { status: 200, body: { sms_messages: [...rowsOf('sms_messages').values()].filter((row) => row.lead_id === history[1]) } }
    const rows = /^\/api\/rows\/(.+)$/.exec(url.pathname)?.[1]
    if (history || (rows !== undefined && server.untracked.has(rows))) return { status: 404, body: { success: false, code: 'NOT_FOUND' } }
    const table = rows ?? url.pathname.slice('/api/'.length)
    return list(
      table,
      rows === undefined ? table : 'rows',
      url.searchParams.get('cursor'),
      Math.min(Number(url.searchParams.get('limit')), server.pageSize),
    )
  }

  const server: FakeServer = {
    asked: [],
    answerNext: [],
    pageSize: 100,
    untracked: new Set(),
    horizonLagMs: 0,
    read: async (path) => {
      server.asked.push(path)
      const forced = server.answerNext.shift()
      const result = forced ?? answer(path)
      await gate
      if (result instanceof Error) throw result
      return structuredClone(result)
    },
    write: (table, id, fields = {}) => {
      const present = rowsOf(table).get(id)
      const row = { updated_by: null, last_mutation_key: null, ...present, ...fields, id, version: nextVersion(table, id) } as BaseRow
      rowsOf(table).set(id, row)
      const change = { eventType: present ? ('UPDATE' as const) : ('INSERT' as const), new: row, old: present ? { id } : null }
      log.push({ table, version: row.version, ...change })
      return structuredClone(change)
    },
    remove: (table, id) => {
      rowsOf(table).delete(id)
      log.push({ table, eventType: 'DELETE', new: null, old: { id }, version: nextVersion(table, id) })
      return { eventType: 'DELETE', new: null, old: { id } }
    },
    hang: () => {
      gate ??= new Promise((resolve) => {
        openGate = resolve
      })
    },
    answer: () => {
      openGate()
      gate = null
    },
    rows: (table) => [...rowsOf(table).values()],
    row: (table, id) => rowsOf(table).get(id),
    trimLog: () => {
      trimmed += log.length + 1
      log = []
    },
    restore: (rows) => {
      epoch = `epoch-${Number(epoch.slice('epoch-'.length)) + 1}`
      tables.clear()
      versions.clear()
      log = []
      trimmed = 0
      for (const [table, all] of Object.entries(rows)) {
        for (const row of all) {
          rowsOf(table).set(row.id, row)
          versions.set(`${table}/${row.id}`, row.version)
        }
      }
    },
  }
  return server
}
