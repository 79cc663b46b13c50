-- One row per committed row change. A reader that takes (xid, seq) beyond its cursor and below the
-- snapshot's xmin loses nothing under concurrent commits; seq alone would. After a crash Postgres hands the
-- numbers of what was rolled back out again, so (xid, seq) names a change only together with `changed_at`. No constraints:
-- triggers of ours alone write it, and a constraint is read anew by each statement.
create table sync.change_log (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  org_id text collate "C" not null,
  table_name text not null,
  -- INSERT, UPDATE or DELETE.
  op text not null,
  pk text collate "C" not null,
  version bigint not null,
  mutation_key text,
  actor text,
  "row" jsonb,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (xid, seq)
);
create index change_log_by_org on sync.change_log (org_id, xid, seq);

-- The version a deleted row had reached, so that a row made anew under its id goes on counting. Kept as long as keys are:
-- whoever saw the row before has read all rows again by then.
create table sync.tombstones (
  table_name text not null,
  pk text collate "C" not null,
  version bigint not null,
  deleted_at timestamptz not null default now(),
  primary key (table_name, pk)
);
create index tombstones_deleted_at on sync.tombstones (deleted_at);

-- Which life of the database cursors belong to. Filled at the first start, never by a migration:
-- copies of a database would share it.
create table sync.epoch (
  only_row boolean primary key default true constraint epoch_one_row check (only_row),
  epoch text not null,
  system_identifier text not null,
  timeline text not null,
  -- Makes cursors that nobody can make up.
  secret text not null,
  -- The newest change that retention deleted; on a new log, a place before every change.
  floor_xid xid8 not null,
  floor_seq bigint not null,
  floor_at timestamptz not null,
  opened_at timestamptz not null default now()
);
