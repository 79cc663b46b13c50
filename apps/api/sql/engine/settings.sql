-- Durations live here and nowhere else.
create table sync.settings (
  only_row boolean primary key default true constraint settings_one_row check (only_row),
  -- How long a key is remembered. Longer than any client may keep a click unsent.
  ledger_retention interval not null default interval '30 days',
  change_log_retention interval not null default interval '7 days',
  -- Longer than what it tells of, for whoever asks in a year who looked.
  audit_retention interval not null default interval '400 days',
  -- Longest wait for someone else's claim or row.
  lock_wait interval not null default interval '2 seconds',
  -- What a caller told to wait is told.
  retry_after interval not null default interval '1 second',
  -- What telling browsers at once may cost a transaction, and for how long nobody tries once that was not enough.
  broadcast_wait interval not null default interval '40 milliseconds',
  broadcast_rest interval not null default interval '1 second',
  -- After that long every client has read the log without being told to.
  broadcast_repair interval not null default interval '60 seconds',
  -- What each click asks for, so that none has to compute it.
  ledger_retention_ms numeric generated always as (extract(epoch from ledger_retention) * 1000) stored,
  lock_wait_ms text generated always as ((extract(epoch from lock_wait) * 1000)::integer::text) stored,
  broadcast_wait_ms double precision generated always as (extract(epoch from broadcast_wait) * 1000) stored
);
insert into sync.settings default values;

-- Makes this transaction wait for the disk when it commits, though its role or session would not: what was shown
-- or acknowledged must outlive a crash.
create function sync.commit_durably() returns void
language plpgsql volatile
as $$
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
end
$$;

-- Bounds every wait for a lock in the rest of this transaction, which is durable. First in each function that locks.
create function sync.limit_waits() returns void
language plpgsql volatile
as $$
begin
  perform set_config('lock_timeout', s.lock_wait_ms, true), sync.commit_durably() from sync.settings s;
end
$$;

-- Instants as clients read them: ISO 8601, milliseconds, Z.
create function sync.instant(p_at timestamptz) returns text
language sql stable parallel safe
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
