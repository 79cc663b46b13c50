import type { Registry } from 'prom-client'
import type { Database, SqlRow } from '../database/Database.js'
import { gaugesOf } from './gaugesOf.js'

/** Sizes are the planner's own estimate: counting a ledger of millions would be the slowest statement there is. */
const READ_TABLES = `
  select c.relname as "table", c.reltuples::float8 as rows, pg_total_relation_size(c.oid)::float8 as bytes
  from pg_class c where c.oid in ('sync.ledger'::regclass, 'sync.change_log'::regclass)`

const READ_LAG = `
  select coalesce(greatest(extract(epoch from clock_timestamp() - min(c.changed_at)), 0), 0)::float8 as seconds
  from sync.change_log c where c.xid >= pg_snapshot_xmin(pg_current_snapshot())`

type TableSize = { table: string; rows: number; bytes: number } & SqlRow

/** What the database tells operators: how busy its connections are, how much it keeps, what holds followers back. */
export function databaseMetrics(registry: Registry, database: Database): void {
  connectionGauges(registry, database)
  gaugesOf(registry, () => database.query<TableSize>(READ_TABLES), [
    {
      name: 'table_rows_estimated',
      help: 'Rows of the ledger and the change log, as the last analyze of Postgres estimates them; no value before the first.',
      label: 'table',
      // -1: never analyzed.
      values: (tables) => Object.fromEntries(tables.map(({ table, rows }) => [table, rows < 0 ? null : rows])),
    },
    {
      name: 'table_size_bytes',
      help: 'Bytes that the ledger and the change log take on disk, their indexes included.',
      label: 'table',
      values: (tables) => Object.fromEntries(tables.map(({ table, bytes }) => [table, bytes])),
    },
  ])
  gaugesOf(registry, () => database.query<{ seconds: number } & SqlRow>(READ_LAG), [
    {
      name: 'change_horizon_lag_seconds',
      help: 'Age of the oldest change that followers may not see yet, because a transaction that is older than it is still open.',
      values: ([row]) => ({ '': row?.seconds ?? null }),
    },
  ])
}

function connectionGauges(registry: Registry, database: Database): void {
  const connections = database.connections?.bind(database)
  if (connections === undefined) return
  gaugesOf(registry, async () => connections(), [
    {
      name: 'database_connections',
      help: 'Connections for requests: in use and idle.',
      label: 'state',
      values: ({ inUse, idle }) => ({ 'in-use': inUse, idle }),
    },
    {
      name: 'database_connections_waiting',
      help: 'Statements that wait for a connection.',
      values: ({ waiting }) => ({ '': waiting }),
    },
  ])
}
