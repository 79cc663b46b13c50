-- The internal schema: ledger, change log, settings, error codes. Never exposed: no role of the
-- browser has usage on it. Each migration registers itself first, so that of two runners at once
-- the second waits here, fails and finds the work done.
create schema sync;
revoke all on schema sync from public;

create table sync.migrations (
  version text primary key,
  name text not null,
  applied_at timestamptz not null default now()
);
insert into sync.migrations (version, name) values ('20261122090000', 'create_sync_schema');

-- Durations live here and nowhere else.
create table sync.settings (
  only_row boolean primary key default true constraint settings_one_row check (only_row),
  -- How long a key is remembered. Longer than any client may keep a click unsent.
  ledger_retention interval not null default interval '30 days',
  change_log_retention interval not null default interval '7 days',
  -- Longest wait for someone else's claim or row.
  lock_wait interval not null default interval '2 seconds',
  -- What a caller told to wait is told.
  retry_after interval not null default interval '1 second',
  -- After the attempt whose fate is unknown, when to look for its message in the carrier's list.
  sms_listing_delays interval[] not null default array[interval '20 seconds', interval '60 seconds', interval '5 minutes'],
  -- Less left than this is not worth handing to the carrier.
  sms_least_validity interval not null default interval '5 seconds'
);
insert into sync.settings default values;

-- Every refusal, the same as ERROR_CODES of the contracts; a test holds the two equal.
create table sync.error_codes (
  code text primary key,
  status integer not null,
  retryable boolean not null,
  text text not null
);
insert into sync.error_codes (code, status, retryable, text) values
  ('IDEMPOTENCY_KEY_REQUIRED', 400, false, 'This action needs an Idempotency-Key header, so that a retry cannot take effect twice. Send a new UUID for each click.'),
  ('IDEMPOTENCY_KEY_INVALID', 400, false, 'The Idempotency-Key must be 20 to 128 characters of letters, digits, "_" or "-". Send a new UUID for each click.'),
  ('VALIDATION_FAILED', 400, false, 'The request does not match what this action takes, so nothing was changed.'),
  ('UNAUTHENTICATED', 401, true, 'You are not signed in, or your session has ended. Sign in and try again.'),
  ('FORBIDDEN', 403, false, 'You may not do this in the name of someone else or from this site. Nothing was changed.'),
  ('ACTOR_MISMATCH', 403, false, 'This was clicked by another user than the one signed in now, so it was not sent. Sign in as that user to go on.'),
  ('NOT_FOUND', 404, false, 'This record does not exist or is not yours. Nothing was changed.'),
  ('IDEMPOTENCY_IN_PROGRESS', 409, true, 'The same click is still being worked on. Ask again in a moment.'),
  ('ALREADY_CONFIRMED', 409, false, 'Appointment is already confirmed'),
  ('ALREADY_HAS_STATUS', 409, false, 'Lead already has this status'),
  ('STATUS_FINAL', 409, false, 'This lead is won, which is final. Its status cannot change any more.'),
  ('NOT_CONFIRMABLE', 409, false, 'Only a pending appointment can be confirmed, and this one is not pending any more.'),
  ('VERSION_CONFLICT', 409, false, 'Someone else changed this record since you looked at it. Nothing was saved; review the change and try again.'),
  ('ACTION_EXPIRED', 410, false, 'This click waited too long before it could be sent, so it was not carried out. Click again if you still want it.'),
  ('ACTION_ABANDONED', 410, false, 'This click was cancelled before it took effect. Nothing was changed.'),
  ('OUTCOME_UNKNOWN', 410, false, 'Nobody recorded whether this took effect. Look at the record before you try again.'),
  ('CURSOR_GONE', 410, false, 'The change log no longer reaches back to this cursor. Read all rows again.'),
  ('PAYLOAD_TOO_LARGE', 413, false, 'The request is too large, so nothing was changed. Send fewer records at once.'),
  ('UNSUPPORTED_MEDIA_TYPE', 415, false, 'Send the request body as JSON (Content-Type: application/json).'),
  ('IDEMPOTENCY_KEY_REUSED', 422, false, 'This Idempotency-Key was already used for a different request. Make a new key for each click.'),
  ('PHONE_INVALID', 422, false, 'This lead has no phone number that can receive SMS. Correct the number first.'),
  ('OPTED_OUT', 422, false, 'This person asked not to get SMS any more (STOP). Nothing was sent.'),
  ('SMS_REJECTED', 422, false, 'The SMS was rejected by the carrier and was not sent.'),
  ('RATE_LIMITED', 429, true, 'Too many requests in a short time. It will be tried again in a moment.'),
  ('INTERNAL', 500, true, 'Something went wrong on our side. It is safe to try again.'),
  ('CIRCUIT_BREAKER_OPEN', 503, true, 'SMS service temporarily unavailable'),
  ('STORE_UNAVAILABLE', 503, true, 'The database cannot be reached right now. It is safe to try again.'),
  ('ROW_BUSY', 503, true, 'Someone else is changing this record right now. It will be tried again in a moment.');

-- One row per idempotency key, written in the transaction of the effect. `status` and `body` are the
-- answer, byte for byte; both are null while it is computed from the row `ref` names (an SMS on its way).
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
  created_at timestamptz not null default now(),
  primary key (tenant, actor, key),
  constraint ledger_answer_is_whole check ((status is null) = (body is null))
) with (fillfactor = 70);
create index ledger_created_at on sync.ledger (created_at);

-- One row per committed row change. A reader that takes (xid, seq) beyond its cursor and below the
-- snapshot's xmin loses nothing under concurrent commits; seq alone would.
create table sync.change_log (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  org_id text collate "C" not null,
  table_name text not null,
  op text not null constraint change_log_op check (op in ('INSERT', 'UPDATE', 'DELETE')),
  pk text collate "C" not null,
  version bigint not null,
  mutation_key text,
  actor text,
  "row" jsonb,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (xid, seq)
);
create index change_log_by_org on sync.change_log (org_id, xid, seq);

-- The version a deleted row had reached, so that a row made anew under its id goes on counting.
create table sync.tombstones (
  table_name text not null,
  pk text collate "C" not null,
  version bigint not null,
  primary key (table_name, pk)
);

-- Which life of the database cursors belong to. Filled at the first start, never by a migration:
-- copies of a database would share it.
create table sync.epoch (
  only_row boolean primary key default true constraint epoch_one_row check (only_row),
  epoch text not null,
  system_identifier text not null,
  timeline text not null,
  -- Changes up to this transaction may have been deleted.
  trimmed_xid xid8 not null,
  opened_at timestamptz not null default now()
);

-- Instants as clients read them: ISO 8601, milliseconds, Z.
create function sync.instant(p_at timestamptz) returns text
language sql stable parallel safe
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- The body of a refusal, as errorBody() of the contracts composes it.
create function sync.error_body(p_code text, p_extra jsonb default '{}') returns text
language sql stable
return (
  select (jsonb_build_object('success', false, 'error', e.text, 'code', e.code, 'retryable', e.retryable) || p_extra)::text
  from sync.error_codes e
  where e.code = p_code);

-- Bounds every wait for a lock in the rest of this transaction. First in each function that locks.
create function sync.limit_waits() returns void
language plpgsql volatile
as $$
begin
  perform set_config('lock_timeout', (extract(epoch from s.lock_wait) * 1000)::integer::text, true) from sync.settings s;
end
$$;
