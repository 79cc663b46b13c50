-- One row per idempotency key, written in the transaction of the effect. `status` and `body` are the
-- answer, byte for byte; both are null while it is computed from the row `ref` names, by the effect's own rule. No
-- constraint says so: functions of ours alone write here, and each statement of a click would read it anew.
create table sync.ledger (
  tenant text collate "C" not null,
  actor text collate "C" not null,
  key text collate "C" not null,
  -- Null when the key was abandoned before any request with it arrived.
  action text,
  fingerprint text,
  abandoned boolean not null default false,
  status integer,
  body text,
  ref text,
  -- Whose `ref` it is, while the answer is open.
  effect text,
  created_at timestamptz not null default now(),
  -- Where it was claimed.
  replica text default sync.replica(),
  primary key (tenant, actor, key)
) with (fillfactor = 70);
create index ledger_created_at on sync.ledger (created_at);
