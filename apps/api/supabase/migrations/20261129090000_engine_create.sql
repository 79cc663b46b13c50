-- Made by scripts/makeMigrations.mjs from sql/; change it there. Seal: 9e39b81419b87b26fcad1eefa02aa34aa94d071db5637f70dea97d15f0a8bf37

-- sql/engine/schema.sql

-- The internal schema: ledger, change log, settings, functions. Never exposed: no role of the browser has
-- usage on it. Nothing of the engine lives in `public`.

create schema if not exists sync;
revoke all on schema sync from public;

-- sql/engine/settings.sql

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

-- sql/engine/replica.sql

-- Which replica of the API this connection is of, as it calls itself (`org-api <host>:<process>`); null where a pooler or a
-- team's own connection calls itself otherwise. For records about who did something: the default of a column, which costs no
-- round trip.
create function sync.replica() returns text
language sql stable parallel safe
return case when starts_with(current_setting('application_name'), 'org-api ') then substr(current_setting('application_name'), 9) end;

-- sql/engine/error_codes.sql

-- The refusals every deployment knows, the same as ERROR_CODES of the contracts; a test holds the two equal. Modules add
-- theirs; a team's own action declares its own beside them (define_action).

create table sync.error_codes (
  code text primary key,
  status integer not null,
  retryable boolean not null,
  text text not null,
  -- Further fields of its body.
  extra jsonb not null default '{}'
);
insert into sync.error_codes (code, status, retryable, text) values
  ('IDEMPOTENCY_KEY_REQUIRED', 400, false, 'This action needs an Idempotency-Key header, so that a retry cannot take effect twice. Send a new UUID for each click.'),
  ('IDEMPOTENCY_KEY_INVALID', 400, false, 'The Idempotency-Key must be 20 to 128 characters of letters, digits, "_" or "-". Send a new UUID for each click.'),
  ('VALIDATION_FAILED', 400, false, 'The request does not match what this action takes, so nothing was changed.'),
  ('UNAUTHENTICATED', 401, true, 'You are not signed in, or your session has ended. Sign in and try again.'),
  ('FORBIDDEN', 403, false, 'You may not do this in the name of someone else or from this site. Nothing was changed.'),
  ('ACTOR_MISMATCH', 403, false, 'This was clicked by another user than the one signed in now, so it was not sent. Sign in as that user to go on.'),
  ('NOT_FOUND', 404, false, 'This record does not exist or is not yours. Nothing was changed.'),
  ('METHOD_NOT_ALLOWED', 405, false, 'This address does not take this method; the Allow header names those it takes. Nothing was changed.'),
  ('IDEMPOTENCY_IN_PROGRESS', 409, true, 'The same click is still being worked on. Ask again in a moment.'),
  ('VERSION_CONFLICT', 409, false, 'Someone else changed this record since you looked at it. Nothing was saved; review the change and try again.'),
  ('ACTION_EXPIRED', 410, false, 'This click waited too long before it could be sent, so it was not carried out. Click again if you still want it.'),
  ('ACTION_ABANDONED', 410, false, 'This click was cancelled before it took effect. Nothing was changed.'),
  ('OUTCOME_UNKNOWN', 410, false, 'Nobody recorded whether this took effect. Look at the record before you try again.'),
  ('CURSOR_GONE', 410, false, 'The change log no longer reaches back to this cursor. Read all rows again.'),
  ('PAYLOAD_TOO_LARGE', 413, false, 'The request is too large, so nothing was changed. Send fewer records at once.'),
  ('UNSUPPORTED_MEDIA_TYPE', 415, false, 'Send the request body as JSON (Content-Type: application/json).'),
  ('IDEMPOTENCY_KEY_REUSED', 422, false, 'This Idempotency-Key was already used for a different request. Make a new key for each click.'),
  ('EFFECT_REFUSED', 422, false, 'A rule of the database did not allow this, so nothing was changed.'),
  ('RATE_LIMITED', 429, true, 'Too many requests in a short time. It will be tried again in a moment.'),
  ('INTERNAL', 500, true, 'Something went wrong on our side. It is safe to try again.'),
  ('STORE_UNAVAILABLE', 503, true, 'The database cannot be reached right now. It is safe to try again.'),
  ('OVERLOADED', 503, true, 'Too much is under way at once. It will be tried again in a moment.'),
  ('ROW_BUSY', 503, true, 'Someone else is changing this record right now. It will be tried again in a moment.');

-- What a code means: for everybody, else for the action under way (the setting sync.codes holds what it declares). One
-- that nobody declared is an answer all the same: it says no for good, and names itself.
create function sync.meaning_of(p_code text) returns sync.error_codes
language plpgsql stable
as $$
declare
  v_code text := coalesce(nullif(left(btrim(p_code), 64), ''), 'EFFECT_REFUSED');
  v_entry sync.error_codes;
  v_own jsonb;
begin
  select * into v_entry from sync.error_codes e where e.code = v_code;
  if found then
    return v_entry;
  end if;
  v_own := nullif(current_setting('sync.codes', true), '')::jsonb -> v_code;
  return row(v_code, coalesce((v_own ->> 'status')::integer, 422), coalesce((v_own ->> 'retryable')::boolean, false),
    coalesce(v_own ->> 'text', 'This was refused (' || v_code || ').'), '{}'::jsonb)::sync.error_codes;
end
$$;

-- The body of a refusal, as errorBody() of the contracts composes it: `error` is the only one of its own fields that
-- `p_extra` may replace, and only by a text.
create function sync.refusal_body(p_meaning sync.error_codes, p_extra jsonb) returns text
language sql immutable
return (
  jsonb_build_object('error', p_meaning.text) || p_meaning.extra
  || case
    when jsonb_typeof(p_extra) is distinct from 'object' then '{}'
    when jsonb_typeof(p_extra -> 'error') is distinct from 'string' then p_extra - 'error'
    else p_extra end
  || jsonb_build_object('success', false, 'code', p_meaning.code, 'retryable', p_meaning.retryable))::text;

create function sync.error_body(p_code text, p_extra jsonb default '{}') returns text
language sql stable
return sync.refusal_body(sync.meaning_of(p_code), p_extra);

-- sql/engine/ledger.sql

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

-- sql/engine/change_log.sql

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

-- sql/engine/answers.sql

-- What goes into an effect and what comes out of it.

-- Who clicked what, as an effect sees it. `key` is null when last-writer-wins was asked for;
-- `ttl_left_ms` is how long the click is still worth carrying out.
create type sync.action_call as (tenant text, actor text, key text, action text, ttl_left_ms bigint);

-- What an effect decided: an answer, or the row from which the answer will be computed (`ref`, status null).
create type sync.outcome as (status integer, body text, ref text);

-- What a request is answered. Mirrors ActionAnswer of the services. `reason`: which rule of the database refused it, for
-- the log alone.
create type sync.answer as (
  status integer, body text, replayed boolean, recorded boolean, retry_after_ms integer, ref text, fingerprint_unknown boolean,
  reason text);

-- A refusal that leaves no trace, the claim included: the same key may succeed later.
create function sync.refuse(p_code text, p_extra jsonb default '{}') returns void
language plpgsql stable
as $$
begin
  raise exception using errcode = 'SY001', message = coalesce(p_code, ''), detail = coalesce(p_extra, '{}')::text;
end
$$;

-- A rejection that is recorded: the same key gets it again. A code that promises another outcome later is not: what is
-- recorded stays, so it leaves no trace instead.
create function sync.reject(p_code text, p_extra jsonb default '{}') returns sync.outcome
language plpgsql stable
as $$
declare
  v_meaning sync.error_codes := sync.meaning_of(p_code);
begin
  if v_meaning.retryable then
    perform sync.refuse(p_code, p_extra);
  end if;
  return row(v_meaning.status, sync.refusal_body(v_meaning, p_extra), null)::sync.outcome;
end
$$;

create function sync.refusal_answer(p_code text, p_extra jsonb default '{}', p_retry_after_ms bigint default null) returns sync.answer
language plpgsql stable
as $$
declare
  v_meaning sync.error_codes := sync.meaning_of(p_code);
  v_retry_ms integer := p_retry_after_ms;
  v_extra jsonb := case when jsonb_typeof(p_extra) = 'object' then p_extra else '{}' end;
begin
  if v_retry_ms is null and jsonb_typeof(v_extra -> 'retryAfterMs') = 'number' then
    v_retry_ms := greatest(0, least(86400000, (v_extra ->> 'retryAfterMs')::numeric));
  elsif v_retry_ms is null and p_code in ('IDEMPOTENCY_IN_PROGRESS', 'ROW_BUSY') then
    select (extract(epoch from s.retry_after) * 1000)::integer into v_retry_ms from sync.settings s;
  end if;
  if v_retry_ms is not null then
    v_extra := v_extra || jsonb_build_object('retryAfterMs', v_retry_ms);
  end if;
  return row(v_meaning.status, sync.refusal_body(v_meaning, v_extra), false, false, v_retry_ms, null, false, null)::sync.answer;
end
$$;

-- Stops an effect that answered with what is no answer: what it did is undone, and nothing is recorded. An answer is a
-- body with a status of 200 to 299 (202, 204 and 205 say something else) or of 400 to 499.
create function sync.require_answer(p_effect text, p_outcome sync.outcome) returns void
language plpgsql immutable
as $$
begin
  if p_outcome.body is not null and p_outcome.status not in (202, 204, 205)
    and (p_outcome.status between 200 and 299 or p_outcome.status between 400 and 499) then
    return;
  end if;
  raise exception using errcode = 'SY002', message = format(
    'The effect sync.%s answered with %s and %s, so it was undone. An answer is a body with a status of 200 to 299 (not 202, 204, 205) or 400 to 499. Say no with sync.reject or sync.refuse; an answer that is computed later names who computes it: define_action(…, p_outcome_of => …).',
    p_effect, coalesce('status ' || p_outcome.status, 'no status'), case when p_outcome.body is null then 'no body' else 'a body' end);
end
$$;

-- sql/engine/actions.sql

-- Every action there is, a team's own included: what its generated function sync.run_<effect> is made from.

create table sync.actions (
  effect text primary key,
  -- For an effect that may leave its answer open (status null, `ref` set): the function sync.<outcome_of>(ref text)
  -- returns sync.outcome that computes it (202 while it is open), and sync.<cancel>(ref text) that takes back what
  -- has not happened yet.
  outcome_of text,
  cancel text,
  -- Refusals of its own, by their codes: {"CREDIT_LIMIT": {"status": 422, "retryable": false, "text": "…"}}.
  codes jsonb
);

-- The answer of an effect that left it open, as it stands now.
create function sync.open_outcome(p_effect text, p_ref text) returns sync.outcome
language plpgsql stable
as $$
declare
  v_function text;
  v_codes jsonb;
  v_outcome sync.outcome;
begin
  select a.outcome_of, a.codes into v_function, v_codes from sync.actions a where a.effect = p_effect;
  if v_codes is not null then
    perform set_config('sync.codes', v_codes::text, true);
  end if;
  if v_function is null then
    -- The action was taken away while its answer was open: nobody can tell it any more.
    return sync.reject('OUTCOME_UNKNOWN');
  end if;
  execute format('select * from sync.%I($1)', v_function) into v_outcome using p_ref;
  return v_outcome;
end
$$;

-- Takes back what an effect that left its answer open has not done yet.
create function sync.cancel_open(p_effect text, p_ref text) returns void
language plpgsql volatile
as $$
declare
  v_function text;
begin
  select a.cancel into v_function from sync.actions a where a.effect = p_effect;
  if v_function is not null then
    execute format('select sync.%I($1)', v_function) using p_ref;
  end if;
end
$$;

-- sql/engine/find_answer.sql

-- What the ledger holds for a key. A session keeps the plan of a statement until the table is analyzed again; one made
-- while the ledger was empty or small reads all of it, so that each click costs more than the last. Hence
-- `enable_seqscan = off` on whatever looks a key up. Before Postgres 18 that counts as an enormous cost wherever nothing but a
-- whole table can be read (the one row of settings), and where the server compiles costly statements it would compile this
-- one on each click, for a third of a second: hence `jit = off` beside it.

-- The stored answer of a ledger row; of one that was open and has reached its end meanwhile, the first final
-- answer is recorded here and stays. Locks: the ledger row, when it records.
create function sync.stored_answer(p_row sync.ledger) returns sync.answer
language plpgsql volatile
as $$
declare
  v_row sync.ledger := p_row;
  v_outcome sync.outcome;
begin
  if v_row.status is not null then
    return row(v_row.status, v_row.body, true, true, null, v_row.ref, false, null)::sync.answer;
  end if;
  v_outcome := sync.open_outcome(v_row.effect, v_row.ref);
  if v_outcome.status = 202 then
    return row(202, v_outcome.body, true, false, (v_outcome.body::jsonb ->> 'retryAfterMs')::integer, v_row.ref, false, null)::sync.answer;
  end if;
  perform sync.require_answer(v_row.effect, v_outcome), sync.limit_waits();
  update sync.ledger l set status = v_outcome.status, body = v_outcome.body
  where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key and l.status is null;
  -- Someone else may have recorded it first: then theirs are the bytes.
  select * into v_row from sync.ledger l where l.tenant = v_row.tenant and l.actor = v_row.actor and l.key = v_row.key;
  return row(v_row.status, v_row.body, true, true, null, v_row.ref, false, null)::sync.answer;
end
$$;

-- What the ledger answers to a key; no row when it does not know it. Does not see an uncommitted claim.
create function sync.find_answer(p_tenant text, p_actor text, p_key text, p_fingerprint text) returns setof sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_row sync.ledger;
  v_answer sync.answer;
  v_same_version boolean;
begin
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if not found then
    return;
  end if;
  -- A fingerprint made by another version of the rule cannot be compared: it counts as a match.
  v_same_version := coalesce(split_part(v_row.fingerprint, ':', 1) = split_part(p_fingerprint, ':', 1), true);
  if v_same_version and v_row.fingerprint <> p_fingerprint then
    return next sync.refusal_answer('IDEMPOTENCY_KEY_REUSED');
    return;
  end if;
  v_answer := sync.stored_answer(v_row);
  v_answer.fingerprint_unknown := not v_same_version;
  return next v_answer;
end
$$;

-- The same for a key that the ledger knew a moment ago.
create function sync.answer_of_known(p_tenant text, p_actor text, p_key text, p_fingerprint text) returns sync.answer
language plpgsql volatile
as $$
declare
  v_answer sync.answer;
begin
  select * into v_answer from sync.find_answer(p_tenant, p_actor, p_key, p_fingerprint);
  -- Its retention ended just now.
  return case when found then v_answer else sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS') end;
end
$$;

-- sql/engine/claim.sql

-- The beginning of the ledger transaction, the same for an effect in SQL and for one in TypeScript.
--
-- Whoever carries out a click claims its key by a lock that ends with the transaction, and writes its row into the ledger
-- once, with the answer. Whoever comes later with the same key waits for the lock and then sees that row. The lock keeps
-- duplicates from working in vain; that none takes effect is the primary key's.

create function sync.key_lock(p_tenant text, p_actor text, p_key text) returns bigint
language sql immutable
return hashtextextended(p_key, hashtextextended(p_actor, hashtextextended(p_tenant, 0)));

-- Claims a key that somebody else has: waits at most settings.lock_wait, and tells whether that was enough. The caller gets
-- its own lock_timeout back.
create function sync.wait_for_key(p_lock bigint) returns boolean
language plpgsql volatile
as $$
declare
  v_lock_timeout constant text := current_setting('lock_timeout');
begin
  perform sync.limit_waits(), pg_advisory_xact_lock(p_lock);
  perform set_config('lock_timeout', v_lock_timeout, true);
  return true;
exception when lock_not_available or deadlock_detected then
  return false;
end
$$;

-- How old a click is at most, in milliseconds: by its own clock, and by ours. A clock that was set
-- back between click and sending must not make a forgotten key look fresh.
create function sync.click_age_ms(p_age_ms bigint, p_created_at_ms bigint) returns numeric
language sql stable
return greatest(coalesce(p_age_ms, 0), coalesce(extract(epoch from now()) * 1000 - p_created_at_ms, 0), 0);

-- Whether a claimed call may not start anew. Planned as a part of whoever asks.
create function sync.is_stopped(
  p_refusal text, p_key text, p_known_key text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint, p_retention_ms numeric)
  returns boolean
language sql stable
return p_refusal is not null or p_key is not null and (
  p_known_key is not null or coalesce(p_age_ms, 0) > p_ttl_ms or sync.click_age_ms(p_age_ms, p_created_at_ms) > p_retention_ms);

-- What a claimed call is answered instead of starting anew: a recorded outcome wins over every reason not to.
create function sync.instead_of_call(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint) returns sync.answer
language plpgsql volatile
as $$
begin
  if p_key is not null and exists (select from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key) then
    return sync.answer_of_known(p_tenant, p_actor, p_key, p_fingerprint);
  end if;
  if p_key is not null and sync.click_age_ms(p_age_ms, p_created_at_ms) > (select s.ledger_retention_ms from sync.settings s) then
    return sync.refusal_answer('OUTCOME_UNKNOWN');
  end if;
  if p_refusal is not null then
    return sync.refusal_answer(p_refusal, '{}', p_refusal_retry_ms);
  end if;
  return sync.record_refusal(p_tenant, p_actor, p_key, p_action, p_fingerprint, 410, sync.error_body('ACTION_EXPIRED'), null);
end
$$;

-- First of all. Claims the key of a call, bounds the waits of this transaction, makes it durable, and tells it who acts:
-- `sync.actor` and `sync.mutation_key` for the version triggers, `request.jwt.claims` for a team's own policies, `sync.codes`
-- for its refusals. Not inside a block that may be undone, which would take all this back. Without a status: go on. Else what
-- is answered instead.
-- Few statements and few expressions, because each one is prepared anew in each transaction: this runs on every click.
create function sync.open_call(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint, p_codes text, p_claims text) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_stops boolean;
  v_set text;
begin
  if p_key is not null and not pg_try_advisory_xact_lock(sync.key_lock(p_tenant, p_actor, p_key))
    and not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end if;
  -- A statement after the lock: only a new snapshot sees what whoever had the key before recorded.
  select sync.is_stopped(p_refusal, p_key, l.key, p_age_ms, p_created_at_ms, p_ttl_ms, s.ledger_retention_ms),
    set_config('lock_timeout', s.lock_wait_ms, true)
    || set_config('sync.actor', p_actor, true)
    || set_config('sync.mutation_key', coalesce(p_key, ''), true)
    || case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) else '' end
    || case when p_codes is null then '' else set_config('sync.codes', p_codes, true) end
    || case when p_claims is null then '' else set_config('request.jwt.claims', p_claims, true) end
  into strict v_stops, v_set
  from sync.settings s left join sync.ledger l on l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if v_stops then
    return sync.instead_of_call(
      p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_created_at_ms, p_refusal, p_refusal_retry_ms);
  end if;
  return null;
end
$$;

-- The same as the first statement of a transaction that an effect in TypeScript shares, whose lock_timeout it leaves alone. It
-- also keeps what whoever records needs: that is no concern of the statement that does.
create function sync.claim_in_transaction(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint,
  p_refusal text, p_refusal_retry_ms bigint, p_claims text) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_stops boolean;
  v_set text;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'SY002', message = format(
      'The transaction of inLedger is "%s", in which a duplicate could not see the first one''s answer. Let its `transaction` open it as read committed.',
      current_setting('transaction_isolation'));
  end if;
  if pg_current_xact_id_if_assigned() is not null then
    raise exception using errcode = 'SY002', message =
      'The transaction of inLedger had written before its key was claimed. Let its `transaction` open one of its own.';
  end if;
  if p_key is not null and not pg_try_advisory_xact_lock(sync.key_lock(p_tenant, p_actor, p_key))
    and not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end if;
  select sync.is_stopped(p_refusal, p_key, l.key, p_age_ms, p_created_at_ms, p_ttl_ms, s.ledger_retention_ms),
    set_config('sync.actor', p_actor, true)
    || set_config('sync.mutation_key', coalesce(p_key, ''), true)
    || set_config('sync.action', p_action, true)
    || set_config('sync.fingerprint', p_fingerprint, true)
    || case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) else '' end
    || case when p_claims is null then '' else set_config('request.jwt.claims', p_claims, true) end
  into strict v_stops, v_set
  from sync.settings s left join sync.ledger l on l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if v_stops then
    return sync.instead_of_call(
      p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_created_at_ms, p_refusal, p_refusal_retry_ms);
  end if;
  return null;
end
$$;

-- Whether what is open here is a part of a transaction that may be undone alone, which only a row that it wrote shows. The
-- probe of inLedger asks, once for each `transaction`, and is undone.
create function sync.is_part_of_transaction() returns boolean
language plpgsql volatile
as $$
declare
  v_key constant text := gen_random_uuid();
  v_writer xid;
begin
  insert into sync.ledger (tenant, actor, key) values ('', '', v_key) returning xmin into v_writer;
  delete from sync.ledger l where l.tenant = '' and l.actor = '' and l.key = v_key;
  return v_writer <> pg_current_xact_id()::xid;
end
$$;

-- The last statement of that transaction: the answer beside its effect. Fails where the effect went on after an error.
create function sync.record_in_transaction(p_tenant text, p_actor text, p_key text, p_status integer, p_body text) returns void
language plpgsql volatile
as $$
declare
  v_writer xid;
begin
  -- What the database would judge at the commit it judges here, where the port still says which rule it was.
  set constraints all immediate;
  if p_key is null then
    return;
  end if;
  if current_setting('sync.mutation_key', true) is distinct from p_key then
    raise exception using errcode = 'SY002', message =
      'The answer of an effect came in another transaction than the claim of its key. Let the `transaction` of inLedger run both on one connection.';
  end if;
  insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body)
  values (p_tenant, p_actor, p_key, current_setting('sync.action'), current_setting('sync.fingerprint'), p_status, p_body)
  returning xmin into v_writer;
  if v_writer <> pg_current_xact_id()::xid then
    raise exception using errcode = 'SY002', message =
      'The transaction of inLedger was opened inside another one, which could be undone after the answer was given. Let its `transaction` open one of its own.';
  end if;
end
$$;

-- sql/engine/effect_errors.sql

-- What becomes of an effect that failed.

-- What an error of the database says about an effect. 'refused': a rule of the team's does not allow it, and will not:
-- wrong data (22), a constraint (23, 44), a value that is too large (54), `raise exception`, or a code of the team's own.
-- 'busy': come again (40, 55). Null: trouble of the server's or of the code's, which is told as it is. A test holds it equal
-- to endingOfError.ts, but for a policy of row-level security: its state (42501) is that of a missing grant, and nothing but
-- a sentence in the server's language tells them apart here. There it is known.
create function sync.ending_of_error(p_state text) returns text
language sql immutable
return case
  when p_state = 'P0001' or left(p_state, 2) in ('22', '23', '44', '54') then 'refused'
  when left(p_state, 2) in ('40', '55') then 'busy'
  -- Every class that Postgres itself raises.
  when left(p_state, 2) not in (
    '00', '01', '02', '03', '08', '09', '0A', '0B', '0F', '0L', '0P', '0Z', '20', '21', '24', '25', '26', '27', '28', '2B', '2D',
    '2F', '34', '38', '39', '3B', '3D', '3F', '42', '53', '57', '58', '72', 'F0', 'HV', 'P0', 'SY', 'XX') then 'refused'
  end;

-- A message about wrong data without the data, which are quoted in it: by what stands for a quotation in the server's
-- language. So what is no plain text ends it.
create function sync.without_quoted(p_message text) returns text
language sql immutable
return (
  select k.kept || case when k.kept = m.message then '' else '…' end
  from (select regexp_replace(p_message, '".*"', '"…"')) m (message), substring(m.message from '^(?:[ !#-&(-_a-~]|"…")*') k (kept));

-- Which rule it was, for the log: the constraint, or the message.
create function sync.reason_of_error(p_state text, p_constraint text, p_message text) returns text
language sql immutable
return left(p_state || ' ' || case
  when p_constraint <> '' then p_constraint
  when left(p_state, 2) = '22' then sync.without_quoted(p_message)
  else p_message end, 500);

-- Records an answer that has no effect beside it: what failed can record nothing, so this is a statement after it; whoever
-- came in between with the same key keeps theirs. Locks: the key. Waits at most settings.lock_wait for it.
create function sync.record_refusal(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_status integer, p_body text, p_reason text) returns sync.answer
language plpgsql volatile
as $$
begin
  if p_key is not null then
    if not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
      return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
    end if;
    perform sync.limit_waits();
    insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body)
    values (p_tenant, p_actor, p_key, p_action, p_fingerprint, p_status, p_body)
    on conflict do nothing;
    if not found then
      return sync.answer_of_known(p_tenant, p_actor, p_key, p_fingerprint);
    end if;
  end if;
  return row(p_status, p_body, false, p_key is not null, null, null, false, p_reason)::sync.answer;
end
$$;

-- sql/engine/define_action.sql

-- The ledger transaction. Callers: the API's services, one call a request, READ COMMITTED. An action is an effect
-- sync.<name>(sync.action_call, jsonb) returns sync.outcome; `call sync.define_action('<name>')` makes
-- sync.run_<name>, which does the rest. No function here has a search_path of its own (it costs a quarter of an
-- action's time): every name is qualified instead.

-- What is wrong with the codes an action declares; null when nothing is. The same rules as defineAction of the contracts.
create function sync.objection_to_codes(p_codes jsonb) returns text
language sql stable
return case
  when p_codes is null then null
  when jsonb_typeof(p_codes) <> 'object' then 'the codes are an object by code, for example {"CREDIT_LIMIT": {"status": 422, "retryable": false, "text": "Above your credit limit."}}'
  else (
    select case
      when c.key !~ '^[A-Z][A-Z0-9_]{0,63}$' then format('a code is capital letters, digits and "_", received "%s"', c.key)
      when exists (select from sync.error_codes e where e.code = c.key) then format('%s has a meaning of its own in every deployment; take another name', c.key)
      when jsonb_typeof(c.value) <> 'object' then format('%s needs a status, "retryable" and a text', c.key)
      when coalesce(c.value ->> 'status', '') !~ '^4[0-9][0-9]$' or jsonb_typeof(c.value -> 'status') <> 'number'
        then format('%s needs a status of 400 to 499, received %s', c.key, coalesce((c.value -> 'status')::text, 'none'))
      when jsonb_typeof(c.value -> 'retryable') is distinct from 'boolean' then format('%s needs "retryable": true when the same click may succeed later, else false', c.key)
      when c.value ->> 'status' in ('401', '408', '425', '429') and not (c.value ->> 'retryable')::boolean
        then format('%s says no for good, and clients take %s for "come again"; take another status', c.key, c.value ->> 'status')
      when jsonb_typeof(c.value -> 'text') is distinct from 'string' or btrim(c.value ->> 'text') = ''
        then format('%s needs a text that tells a person what happened', c.key)
      end as objection
    from jsonb_each(p_codes) c (key, value)
    order by 1 nulls last
    limit 1) end;

-- Why no click could reach an effect, or what became of it; null when it can.
create function sync.objection_to_functions(p_effect text, p_outcome_of text, p_cancel text) returns text
language sql stable
return case
  when coalesce(p_effect, '') !~ '^[a-z_][a-z0-9_]{0,58}$' then 'the name of an effect is small letters, digits and "_", 59 at most'
  else (
    select format('there is no function sync.%s(%s)%s. Create it first', f.name, f.takes, coalesce(' that returns ' || f.returns, ''))
    from (values
      (p_effect, 'sync.action_call, jsonb', 'sync.outcome'), (p_outcome_of, 'text', 'sync.outcome'), (p_cancel, 'text', null)) f (name, takes, returns)
    where f.name is not null and not exists (
      select from pg_proc p where p.oid = to_regprocedure(format('sync.%I(%s)', f.name, f.takes))
        and (f.returns is null or p.prorettype = to_regtype(f.returns)))
    limit 1) end;

-- Makes sync.run_<effect>: the effect exactly once per key, in one transaction: claim, effect, answer.
-- Locks: the key, then whatever the effect locks. Waits at most settings.lock_wait for each.
-- One function per action, because a dynamic call of the effect would be planned anew each time. An action may be
-- defined again. `p_codes`: refusals of its own, by their codes; those that a caller of sync.run_<effect> brings with it
-- are added.
create procedure sync.define_action(p_effect text, p_outcome_of text default null, p_cancel text default null, p_codes jsonb default null)
language plpgsql
as $$
declare
  v_objection text := coalesce(sync.objection_to_codes(p_codes), sync.objection_to_functions(p_effect, p_outcome_of, p_cancel));
begin
  if v_objection is not null then
    raise exception 'define_action(''%''): %.', p_effect, v_objection using errcode = 'invalid_parameter_value';
  end if;
  call sync.make_action(p_effect, p_outcome_of, p_cancel, p_codes);
end
$$;

-- The same for a module whose functions are made later, for the team's table.
create procedure sync.make_action(p_effect text, p_outcome_of text default null, p_cancel text default null, p_codes jsonb default null)
language plpgsql
as $$
begin
  -- Replicas that start together replace the same function.
  perform pg_advisory_xact_lock(hashtextextended('sync.define_action', 0));
  insert into sync.actions (effect, outcome_of, cancel, codes) values (p_effect, p_outcome_of, p_cancel, p_codes)
  on conflict (effect) do update set outcome_of = excluded.outcome_of, cancel = excluded.cancel, codes = excluded.codes;
  execute format($template$
create or replace function sync.%1$I(
  p_tenant text, p_actor text, p_key text, p_action text, p_fingerprint text, p_request jsonb,
  p_age_ms bigint, p_created_at_ms bigint, p_ttl_ms bigint, p_refusal text, p_refusal_retry_ms bigint,
  p_codes jsonb default null, p_claims text default null) returns sync.answer
language plpgsql volatile
as $run$
declare
  v_answer sync.answer;
  v_outcome sync.outcome;
  v_state text;
  v_message text;
  v_detail text;
  v_constraint text;
  v_schema text;
begin
  v_answer := sync.open_call(
    p_tenant, p_actor, p_key, p_action, p_fingerprint, p_age_ms, p_created_at_ms, p_ttl_ms, p_refusal, p_refusal_retry_ms, %5$s, p_claims);
  if v_answer.status is not null then
    return v_answer;
  end if;

  -- What this block undoes on an error is the effect; the claim stays.
  begin
    v_outcome := sync.%2$I(
      row(p_tenant, p_actor, p_key, p_action, p_ttl_ms - greatest(coalesce(p_age_ms, 0), 0))::sync.action_call, p_request);
    if (v_outcome.status is distinct from 200 or v_outcome.body is null)%6$s then
      perform sync.require_answer(%3$L, v_outcome);
    end if;
    -- What the database would judge at the commit it judges here, where its no can still be recorded.
    set constraints all immediate;

    if p_key is not null then
      insert into sync.ledger (tenant, actor, key, action, fingerprint, status, body, ref, effect)
      values (p_tenant, p_actor, p_key, p_action, p_fingerprint, v_outcome.status, v_outcome.body, v_outcome.ref,
        case when v_outcome.status is null then %3$L end);
    end if;
  exception
    when sqlstate 'SY001' then
      get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
      return sync.refusal_answer(v_message, v_detail::jsonb);
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_constraint = constraint_name, v_schema = schema_name;
      if v_schema = 'sync' and v_constraint = 'ledger_pkey' then
        -- Its key was claimed in another way than by its lock, or by a transaction that this one''s snapshot does not see.
        return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
      end if;
      case sync.ending_of_error(v_state)
        when 'busy' then
          return sync.refusal_answer('ROW_BUSY');
        when 'refused' then
          return sync.record_refusal(p_tenant, p_actor, p_key, p_action, p_fingerprint, 422, sync.error_body('EFFECT_REFUSED'),
            sync.reason_of_error(v_state, v_constraint, v_message));
        else
          raise;
      end case;
  end;
%4$s
  return row(v_outcome.status, v_outcome.body, false, p_key is not null, null, v_outcome.ref, false, null)::sync.answer;
end
$run$
  $template$, 'run_' || p_effect, p_effect, p_effect,
    case when p_outcome_of is not null then format($open$
  if v_outcome.status is null then
    v_outcome := sync.%1$I(v_outcome.ref);
    if v_outcome.status is distinct from 202 then
      perform sync.require_answer(%1$L, v_outcome);
    end if;
    return row(v_outcome.status, v_outcome.body, false, false,
      (select extract(epoch from s.retry_after) * 1000 from sync.settings s)::integer, v_outcome.ref, false, null)::sync.answer;
  end if;
$open$, p_outcome_of) else '' end,
    case when p_codes is null then 'p_codes::text' else format('coalesce(%1$L::jsonb || p_codes, %1$L)::text', p_codes) end,
    -- An effect that may leave its answer open says so with the row it will be computed from.
    case when p_outcome_of is not null then ' and (v_outcome.status is not null or v_outcome.ref is null)' else '' end);
end
$$;

-- sql/engine/mutations.sql

-- One key of a caller's own, looked up or resolved.

-- The code of a recorded refusal; null where its body is none of ours: an effect may have written any text.
create function sync.code_of(p_status integer, p_body text) returns text
language plpgsql immutable
as $$
begin
  return case when p_status in (202, 410) then p_body::jsonb ->> 'code' end;
exception when data_exception then
  return null;
end
$$;

-- What stands for a key, as the body of GET /api/mutations/:key and of its resolve.
create function sync.mutation_state(p_row sync.ledger) returns sync.answer
language plpgsql volatile
as $$
declare
  v_answer sync.answer := sync.stored_answer(p_row);
  v_state text;
begin
  v_state := case
    when v_answer.recorded and sync.code_of(v_answer.status, v_answer.body) = 'ACTION_ABANDONED' then 'abandoned'
    when v_answer.recorded then 'recorded'
    when sync.code_of(v_answer.status, v_answer.body) = 'OUTCOME_UNKNOWN' then 'unknown'
    else 'pending' end;
  return row(200, jsonb_build_object(
    'key', p_row.key, 'state', v_state, 'status', v_answer.status, 'body', v_answer.body)::text, false, false, null, p_row.ref, false, null)::sync.answer;
end
$$;

create function sync.look_up_mutation(p_tenant text, p_actor text, p_key text) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_row sync.ledger;
begin
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  return case when found then sync.mutation_state(v_row) else sync.refusal_answer('NOT_FOUND') end;
end
$$;

-- Abandons a key, or tells what stands for it. It waits for whoever has claimed it, whose row a select would not see yet.
-- Locks: the key; of an open answer, what its cancel locks.
create function sync.resolve_mutation(p_tenant text, p_actor text, p_key text, p_age_ms bigint, p_created_at_ms bigint) returns sync.answer
language plpgsql volatile
set enable_seqscan = off set jit = off
as $$
declare
  v_settings sync.settings;
  v_row sync.ledger;
begin
  select * into strict v_settings from sync.settings;
  if not sync.wait_for_key(sync.key_lock(p_tenant, p_actor, p_key)) then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end if;
  select * into v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
  if not found and sync.click_age_ms(p_age_ms, p_created_at_ms) > v_settings.ledger_retention_ms then
    -- The ledger may have known it and forgotten.
    return row(200, jsonb_build_object('key', p_key, 'state', 'unknown', 'status', 410, 'body', sync.error_body('OUTCOME_UNKNOWN'))::text,
      false, false, null, null, false, null)::sync.answer;
  end if;
  perform sync.limit_waits(), set_config('sync.actor', p_actor, true), set_config('sync.mutation_key', p_key, true);
  begin
    insert into sync.ledger (tenant, actor, key, abandoned, status, body)
    values (p_tenant, p_actor, p_key, true, 410, sync.error_body('ACTION_ABANDONED'))
    on conflict do nothing;
    select * into strict v_row from sync.ledger l where l.tenant = p_tenant and l.actor = p_actor and l.key = p_key;
    if v_row.status is null then
      perform sync.cancel_open(v_row.effect, v_row.ref);
    end if;
    return sync.mutation_state(v_row);
  exception when lock_not_available or deadlock_detected then
    return sync.refusal_answer('IDEMPOTENCY_IN_PROGRESS');
  end;
end
$$;

-- sql/engine/tracked_tables.sql

-- Which tables clients see, and how each is read. A tracked table has versions and a place in the change log; its own
-- functions are sync.row_json(its row type) and sync.tracked_<name>_<verb>.

create table sync.tracked_tables (
  -- As clients know it.
  name text primary key constraint tracked_tables_name check (name ~ '^[a-z_][a-z0-9_]{0,39}$'),
  relation regclass not null unique,
  id_column text not null,
  tenant_column text not null,
  -- What was asked to be shown: columns, or an expression over the row `r`.
  columns text[],
  row_sql text,
  -- The table and those of its columns by name that its functions speak of: they follow nothing that is renamed.
  told_table text not null,
  told_columns text[] not null,
  -- Functions that modules made for it, which go when it is untracked.
  effects text[] not null default '{}'
);

-- What a migration of the team's changed of a tracked table without saying so here: what is written to it fails until it
-- does. Null when all is as told.
create function sync.trouble_of_tracked(p_name text) returns text
language sql stable
return (
  select case
    when c.oid is null then 'it was dropped'
    when g.name is not null then format('it has no column "%s" any more', g.name)
    when to_regprocedure(format('sync.row_json(%s)', n.called)) is null then 'a column that clients see was dropped'
    when n.called <> t.told_table then format('it was %s before', t.told_table) end
  from sync.tracked_tables t
  left join pg_class c on c.oid = t.relation
  left join lateral (select format('%I.%I', s.nspname, c.relname) as called from pg_namespace s where s.oid = c.relnamespace) n on true
  left join lateral (
    select u.name from unnest(t.told_columns) u (name)
    where not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = u.name and a.attnum > 0 and not a.attisdropped)
    limit 1) g on true
  where t.name = p_name);

-- A type by its whole name and without a length, since `character` alone would mean one character.
create function sync.type_name(p_type oid) returns text
language sql stable strict
return (select format('%I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = p_type);

-- What a column holds: of a domain, the type below it, whose values need no check to be compared.
create function sync.column_type(p_table regclass, p_column text) returns oid
language sql stable strict
return (
  with recursive below as (
    select a.atttypid as type from pg_attribute a where a.attrelid = p_table and a.attname = p_column and a.attnum > 0 and not a.attisdropped
    union all
    select t.typbasetype from below b join pg_type t on t.oid = b.type where t.typtype = 'd'
  )
  select b.type from below b join pg_type t on t.oid = b.type where t.typtype <> 'd');

-- A comparison of two values of a type, whatever the search_path of whoever runs it.
create function sync.operator_name(p_type oid, p_symbol text) returns text
language sql stable
return format('operator(%I.%s)', coalesce(
  (select n.nspname from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
   where o.oprname = p_symbol and o.oprleft = p_type and o.oprright = p_type limit 1), 'pg_catalog'), p_symbol);

-- Types two equal values of which always have the same text: a row found by the one is the row that was asked for.
create function sync.is_plain_id(p_table regclass, p_column text) returns boolean
language sql stable
return exists (
  select from pg_attribute a join pg_type t on t.oid = sync.column_type(p_table, p_column) left join pg_collation c on c.oid = a.attcollation
  where a.attrelid = p_table and a.attname = p_column
    and (t.oid in ('uuid'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype) or t.typtype = 'e'
      or (t.oid in ('text'::regtype, 'varchar'::regtype) and coalesce(c.collisdeterministic, true))));

-- The condition under which the id (or the organisation) of a row `"this row"` is what `p_id` (a value) and `p_text` (what was
-- asked for) name.
create function sync.id_condition(p_table regclass, p_column text, p_id text, p_text text) returns text
language sql stable
return format('"this row".%I %s %s', p_column, sync.operator_name(sync.column_type(p_table, p_column), '='), p_id)
  || case when sync.is_plain_id(p_table, p_column) then '' else format(' and "this row".%I::text collate "C" = %s', p_column, p_text) end;

-- A value of a column as clients read it.
create function sync.shown_value(p_table regclass, p_column text) returns text
language sql stable strict
return format(case when sync.column_type(p_table, p_column) = 'timestamptz'::regtype then 'sync.instant(r.%I)' else 'r.%I' end, p_column);

-- jsonb_build_object over any number of fields: a call takes a hundred arguments.
create function sync.object_sql(p_keys text[], p_values text[]) returns text
language sql immutable
return (
  select string_agg('jsonb_build_object(' || part.fields || ')', ' || ' order by part.nth)
  from (
    select (f.nth - 1) / 45 as nth, string_agg(format('%L, %s', f.key, f.value), ', ' order by f.nth) as fields
    from unnest(p_keys, p_values) with ordinality f (key, value, nth)
    group by 1
  ) part);

-- Fills the {names} of a template.
create function sync.fill(p_template text, p_values jsonb) returns text
language plpgsql immutable
as $$
declare
  v_text text := p_template;
  v_name text;
  v_value text;
begin
  for v_name, v_value in select * from jsonb_each_text(p_values) loop
    v_text := replace(v_text, '{' || v_name || '}', coalesce(v_value, ''));
  end loop;
  return v_text;
end
$$;

-- sql/engine/track_objections.sql

-- Why a table cannot be tracked: whatever would fail later, in somebody's INSERT, is said at once, with what to do.

-- A module's actions work on a table under its name, and show fields of their own; what was made for them would be lost.
create function sync.objection_to_leaving(p_table regclass, p_as text, p_shows_own boolean) returns text
language sql stable
return (
  select format('it is tracked as "%1$s", which actions of a module work on. Show more of it with sync.use_%1$s(…, p_columns => ''{…}''), or take that back first: call sync.untrack_table(''%2$s'')', t.name, p_table)
  from sync.tracked_tables t
  where t.relation = p_table and cardinality(t.effects) > 0 and (t.name <> p_as or not p_shows_own));

create function sync.objection_to_relation(p_table regclass, p_as text) returns text
language plpgsql stable
as $$
declare
  v_class pg_class;
  v_owner_of_name regclass;
  v_late_trigger text;
begin
  select * into v_class from pg_class c where c.oid = p_table;
  select t.relation into v_owner_of_name from sync.tracked_tables t join pg_class c on c.oid = t.relation
  where t.name = p_as and t.relation <> p_table;
  -- A row trigger before an insert or an update.
  select t.tgname into v_late_trigger from pg_trigger t
  where t.tgrelid = p_table and not t.tgisinternal and t.tgtype & 3 = 3 and t.tgtype & 20 > 0
    and t.tgname::text collate "C" > 'zz_sync' and t.tgname not like 'zz\_sync\_%'
  limit 1;
  return case
    when p_as !~ '^[a-z_][a-z0-9_]{0,39}$'
      then format('the name clients know it by may hold small letters, digits and "_" and begin with no digit, and "%s" does not. Say p_as => ''…''', p_as)
    when v_class.relkind in ('v', 'm') then 'it is a view, which no trigger sees change. Track the table below it, and show what the view shows with p_row => ''…'''
    when v_class.relkind = 'f' then 'it is a foreign table, which changes without us. Track it in the database where it lives'
    when v_class.relkind = 'p' then 'it is partitioned, and its rows move between partitions unseen. Keep what clients see in a table of its own'
    when v_class.relkind <> 'r' then 'it is no table'
    when v_class.relispartition then 'it is a partition: what is written through its parent would not be seen. Keep what clients see in a table of its own'
    when exists (select from pg_inherits i where p_table in (i.inhrelid, i.inhparent))
      then 'it inherits or is inherited from: what is written through the parent would not be seen. Take it out first (alter table … no inherit …)'
    when v_class.relpersistence = 't' then 'it is temporary, and other sessions do not see it'
    when v_class.relpersistence = 'u' then 'it is unlogged: a crash would empty it, and clients would keep the rows. Say "alter table … set logged" first'
    when not pg_has_role(v_class.relowner, 'usage')
      then format('it belongs to %s. Call this as that role, or as a member of it', v_class.relowner::regrole)
    when not has_schema_privilege('sync', 'create') then 'this role may make nothing in the schema "sync". Call this as the owner of that schema'
    when v_owner_of_name is not null
      then format('the name "%s" is taken by %s. Say p_as => ''…'', or take that one back: call sync.untrack_table(''%s'')', p_as, v_owner_of_name, v_owner_of_name)
    when v_late_trigger is not null
      then format('its trigger "%s" runs after ours, and what it changes would have no version. Rename it, so that its name comes before "zz_sync"', v_late_trigger)
    end;
end
$$;

create function sync.objection_to_keys(p_table regclass, p_id text, p_tenant text) returns text
language plpgsql stable
as $$
declare
  v_id pg_attribute;
  v_tenant pg_attribute;
  v_type pg_type;
begin
  select * into v_id from pg_attribute a where a.attrelid = p_table and a.attname = p_id and a.attnum > 0 and not a.attisdropped;
  select * into v_tenant from pg_attribute a where a.attrelid = p_table and a.attname = p_tenant and a.attnum > 0 and not a.attisdropped;
  select * into v_type from pg_type t where t.oid = sync.column_type(p_table, p_id);
  return case
    when v_id.attname is null then format('it has no column "%s". Say which one is its id: p_id => ''…''', p_id)
    when v_tenant.attname is null then format('it has no column "%s". Say which one is the organisation that may see a row: p_tenant => ''…''', p_tenant)
    when v_id.attgenerated <> '' or v_tenant.attgenerated <> ''
      then 'its id or its organisation is a generated column, which triggers do not see. Take the column it is made from'
    when not v_id.attnotnull then format('its id may be null. Say: alter table %s alter column %I set not null', p_table, p_id)
    when not exists (
      select from pg_index i
      where i.indrelid = p_table and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
        and i.indnkeyatts = 1 and i.indkey[0] = v_id.attnum)
      then format('its id is not unique by itself. Say: alter table %s add unique (%I)', p_table, p_id)
    when not sync.has_fixed_text(sync.column_type(p_table, p_id))
      then format('the text of its id (%s) depends on settings of the session. Take an id of text, uuid or a whole number', v_type.typname)
    when not sync.has_fixed_text(sync.column_type(p_table, p_tenant))
      then 'the text of its organisation depends on settings of the session. Take one of text, uuid or a whole number'
    end;
end
$$;

-- Whether a type has one text for a value, whoever asks: no instants, floats, money, bytes, arrays, ranges or rows.
create function sync.has_fixed_text(p_type oid) returns boolean
language sql stable
return exists (
  select from pg_type t
  where t.oid = p_type and t.typcategory not in ('D', 'T', 'A', 'C', 'R', 'P')
    and t.oid not in ('float4'::regtype, 'float8'::regtype, 'money'::regtype, 'bytea'::regtype, 'json'::regtype, 'xml'::regtype));

-- Our own columns, as they must be where a table has columns of these names.
create function sync.objection_to_own_columns(p_table regclass) returns text
language sql stable
return (
  select format('its column "%s" is %s, and ours of that name is %s. Rename yours', a.attname,
    case when a.attgenerated <> '' then 'generated' else format_type(a.atttypid, a.atttypmod) end, own.type)
  from (values ('sync_version', 'bigint'), ('sync_at', 'timestamp with time zone'), ('sync_by', 'text'), ('sync_key', 'text')) own (name, type)
  join pg_attribute a on a.attrelid = p_table and a.attname = own.name and not a.attisdropped
  where format_type(a.atttypid, a.atttypmod) <> own.type or a.attgenerated <> '' or a.attidentity <> ''
  order by a.attnum
  limit 1);

create function sync.objection_to_shown(p_table regclass, p_id text, p_tenant text, p_columns text[], p_row text) returns text
language sql stable
return case
  when p_columns is null and p_row is null
    then 'nobody said what clients see of it. Name columns, p_columns => ''{…}'', or an expression over the row, p_row => $$jsonb_build_object(''name'', r.name)$$'
  when p_columns is not null and p_row is not null then 'p_columns and p_row are two ways of saying the same. Leave one of them out'
  when p_columns is not null then (
    select case
      when c.name is null then 'p_columns holds a null'
      when a.attname is null then format('it has no column "%s"', c.name)
      when c.name in ('version', 'updated_at', 'updated_by', 'last_mutation_key')
        or (c.name = 'id' and p_id <> 'id') or (c.name = 'org_id' and p_tenant <> 'org_id')
        then format('clients know "%s" as ours. Show your column of that name under another one: p_row => $$jsonb_build_object(''its_%s'', r.%I, …)$$', c.name, c.name, c.name)
      when a.attgenerated = 'v' then format('its column "%s" is computed when it is read, which triggers do not see. Show what it is made from with p_row => ''…''', c.name)
      when a.atttypid = 'json'::regtype then format('its column "%s" is json, which may hold what jsonb cannot. Make it jsonb, or show it as text with p_row => ''…''', c.name)
      end
    from unnest(p_columns) with ordinality c (name, nth)
    left join pg_attribute a on a.attrelid = p_table and a.attname = c.name and a.attnum > 0 and not a.attisdropped
    order by 1 nulls last
    limit 1)
  end;

-- sql/engine/broadcast.sql

-- Telling browsers at once: Broadcast of Supabase Realtime, sent by the database. One message a statement, table and
-- organisation, on the private channel sync:<table>:<organisation>. It is a courtesy: the change log is the truth, and
-- whoever missed a message reads it there. Where there is no realtime.send, the triggers do not come here.

-- When a message last did not go out in time, in milliseconds since 1970. A sequence, so that it outlives a savepoint that
-- is rolled back, and nobody waits for whoever writes it.
create sequence sync.missed_broadcast_at minvalue 0 start 0;

create function sync.millis(p_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000)::bigint;

-- What a transaction told so far: up to which change, in how many messages, in how many milliseconds, and which channels
-- were told to read the log.
create type sync.told as (seq bigint, messages integer, ms double precision, hinted text[]);

-- What this transaction logged after `p_since`, by channel, each as GET /api/sync/changes shows it. Null for a channel with
-- more than 50 changes or 200 kB: what is above the limits is counted and not put together.
create function sync.changes_by_channel(p_since bigint, out seq bigint, out topics text[], out changes jsonb[])
language plpgsql volatile
as $$
declare
  c_most_changes constant integer := 50;
  c_most_bytes constant integer := 200000;
begin
  select max(g.seq), array_agg(g.topic order by g.topic), array_agg(g.changes order by g.topic)
  into seq, topics, changes
  from (
    select concat('sync:', l.table_name, ':', l.org_id) as topic, max(l.seq) as seq,
      case when max(l.nth) <= c_most_changes and max(l.bytes) <= c_most_bytes then
        jsonb_agg(sync.change_json(l.change) order by l.seq) filter (where l.nth <= c_most_changes and l.bytes <= c_most_bytes) end as changes
    from (
      select c as change, c.table_name, c.org_id, c.seq, row_number() over of_channel as nth,
        coalesce(sum(pg_column_size(c."row")) over of_channel, 0) as bytes
      from sync.change_log c
      where c.xid = pg_current_xact_id_if_assigned() and c.seq > p_since
      window of_channel as (partition by c.table_name, c.org_id order by c.seq)
    ) l
    group by l.table_name, l.org_id
  ) g;
end
$$;

-- Sends what this transaction logged and did not send yet. Callers: the triggers of tracked tables, after a statement.
-- realtime.send swallows errors but not waits, and each is a subtransaction: so all of a transaction together may take
-- `broadcast_wait`, which also bounds each wait for a lock; the caller's lock_timeout is back when this returns. Once that
-- was too short nobody tries for `broadcast_rest`, nor this transaction ever again; and for `broadcast_repair` clients are
-- told to read the log, where they find what they missed. A setting of the transaction keeps how far it told. Where the
-- changes of a channel are too much, clients are told that there are some.
-- Postgres prepares each expression anew in each transaction, which is most of what this costs a click: on the way of one
-- change there are few, and settings are set by assignments, which are no statements of their own.
create function sync.broadcast_changes() returns void
language plpgsql volatile set enable_seqscan = off set jit = off set lock_timeout = '40ms'
as $$
declare
  -- Below the 256 kB that the smallest plan of Supabase lets pass.
  c_most_bytes constant integer := 200000;
  c_most_messages constant integer := 20;
  -- One for each channel, but a send is up to two subtransactions, of which Postgres keeps 64 at hand.
  c_most_hints constant integer := 10;
  -- The binary frame of Realtime gives a topic one byte of length, "realtime:" included.
  c_longest_topic constant integer := 246;
  v_told text := current_setting('sync.told', true);
  v_since bigint := 0;
  v_messages integer := 0;
  v_ms double precision := 0;
  v_hinted text[] := '{}';
  v_missed_at bigint := pg_sequence_last_value('sync.missed_broadcast_at');
  v_wait_ms double precision;
  v_rests boolean;
  v_hints_only boolean := false;
  v_seq bigint;
  v_is_one boolean;
  v_topics text[];
  v_changes jsonb[];
  v_topic text;
  v_payload jsonb;
  v_start timestamptz;
  v_late boolean := false;
  v_set text;
begin
  if v_told <> '' then
    select t.* into v_since, v_messages, v_ms, v_hinted from (select (v_told::sync.told).*) t;
  end if;
  begin
    -- One change, as nearly always, has the last number that this session gave, and nothing else is looked for.
    select s.broadcast_wait_ms, c.seq, c.seq = currval('sync.change_log_seq_seq'), array[concat('sync:', c.table_name, ':', c.org_id)],
      array[case when pg_column_size(c."row") > c_most_bytes is not true then jsonb_build_array(sync.change_json(c)) end]
    into v_wait_ms, v_seq, v_is_one, v_topics, v_changes
    from sync.change_log c, sync.settings s
    where c.xid = pg_current_xact_id_if_assigned() and c.seq > v_since
    order by c.xid, c.seq limit 1;
    if not found then
      return;
    end if;
    if v_missed_at > 0 then
      select v_missed_at >= least(sync.millis(now()), sync.millis(clock_timestamp() - s.broadcast_rest)),
        v_missed_at > sync.millis(clock_timestamp() - s.broadcast_repair)
      into v_rests, v_hints_only
      from sync.settings s;
      if v_rests then
        return;
      end if;
    end if;
    if not v_is_one then
      select c.seq, c.topics, c.changes into v_seq, v_topics, v_changes from sync.changes_by_channel(v_since) c;
    end if;
    for v_nth in 1 .. cardinality(v_topics) loop
      v_topic := v_topics[v_nth];
      -- Who was told to read the log reads it after the commit, with all that follows here.
      continue when v_topic = any (v_hinted) or octet_length(v_topic) > c_longest_topic or v_messages >= c_most_messages + c_most_hints;
      if v_ms >= v_wait_ms then
        v_late := true;
        exit;
      end if;
      if not v_hints_only and v_messages < c_most_messages and octet_length(v_changes[v_nth]::text) <= c_most_bytes then
        v_payload := jsonb_build_object('changes', v_changes[v_nth]);
      else
        v_payload := '{"hint": true}';
        v_hinted := v_hinted || v_topic;
      end if;
      v_set := set_config('lock_timeout', greatest(1, floor(v_wait_ms - v_ms))::text, true);
      v_set := set_config('realtime.topic', '', true);
      v_start := clock_timestamp();
      perform realtime.send(v_payload, 'change', v_topic, true);
      v_ms := v_ms + 1000 * date_part('epoch', clock_timestamp() - v_start);
      -- It sets its topic, which is undone with a send that failed; one that was slow, and no more, reached everybody.
      if v_ms >= v_wait_ms and current_setting('realtime.topic') <> v_topic then
        v_late := true;
        exit;
      end if;
      v_messages := v_messages + 1;
    end loop;
  exception when others then
    -- The change stands whatever becomes of its message.
    raise warning 'Browsers were not told of a change, and find it within a minute: %', sqlerrm;
    v_late := true;
  end;
  if v_late then
    perform setval('sync.missed_broadcast_at', sync.millis(clock_timestamp()));
  end if;
  v_set := set_config('sync.told', row(v_seq, v_messages, v_ms, v_hinted)::text, true);
end
$$;

-- sql/engine/track_triggers.sql

-- What the triggers of a tracked table do. `sync_version`, `sync_at`, `sync_by` and `sync_key` belong to them: whatever a
-- writer sets is overwritten. Those that read or write the inside run with the rights of whoever tracked the table, so
-- that a writer of the business table needs none here; their search_path names what is looked through, the writer's
-- temporary schema last, so that nobody slips them a function or (Postgres would look there first) a type.
-- Their names put them after the team's own, whose changes count too; rows and settings are named so that no column of
-- the team's is taken for one.

create function sync.refuse_truncate() returns trigger
language plpgsql
as $$
begin
  raise exception 'truncate of % would escape the change log, and clients would keep the rows. Use delete.', tg_relid::regclass;
end
$$;

-- The functions of one table. sync.tracked_<name>_start: BEFORE INSERT, goes on counting where a deleted row of this id
-- ended. _change: BEFORE UPDATE, one function for all there is to decide, since each statement reads the condition of a
-- trigger anew. Where an expression shows the row, only it can tell whether that changed (generated columns are not
-- computed yet; what they are made from tells). _leave: AFTER UPDATE of the organisation, for which the row is gone.
-- _log: AFTER each statement, which for a bulk costs half of a row by row one; a row without an organisation is nobody's
-- to see. It tells browsers too, where there is Realtime.
create function sync.trigger_functions(p_by_columns boolean) returns text
language sql immutable
return $template$
  create or replace function sync.tracked_{name}_start() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $start$
  begin
    new.sync_version := 1 + coalesce((select t.version from sync.tombstones t where t.table_name = '{name}' and t.pk = new.{id}::text), 0);
    new.sync_at := now();
    new.sync_by := nullif(current_setting('sync.actor', true), '');
    new.sync_key := nullif(current_setting('sync.mutation_key', true), '');
    return new;
  end
  $start$;
$template$ || case when p_by_columns then $template$
  create or replace function sync.tracked_{name}_change() returns trigger
  language plpgsql
  as $change$
  begin
$template$ else $template$
  create or replace function sync.tracked_{name}_change() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $change$
  declare
    v_new {table};
  begin
    v_new := new;
    v_new.sync_version := old.sync_version;
    v_new.sync_at := old.sync_at;
    v_new.sync_by := old.sync_by;
    v_new.sync_key := old.sync_key;
    {unseen}
$template$ end || $template$
    if row(new.{id})::record operator(pg_catalog.*<>) row(old.{id})::record then
      raise exception 'The id of a row in % never changes: clients would take it for two rows. Delete it and insert another.', tg_relid::regclass;
    end if;
    if {changed}$template$ || case when p_by_columns then '' else ' or sync.row_json(v_new) is distinct from sync.row_json(old)' end || $template$ then
      new.sync_version := old.sync_version + 1;
      new.sync_at := now();
      -- A setting that was local to an earlier transaction of this session reads as '', not as null.
      new.sync_by := nullif(current_setting('sync.actor', true), '');
      new.sync_key := nullif(current_setting('sync.mutation_key', true), '');
      return new;
    end if;
    if row(new.sync_version, new.sync_at, new.sync_by, new.sync_key)::record
      operator(pg_catalog.*<>) row(old.sync_version, old.sync_at, old.sync_by, old.sync_key)::record then
      new.sync_version := old.sync_version;
      new.sync_at := old.sync_at;
      new.sync_by := old.sync_by;
      new.sync_key := old.sync_key;
    end if;
    perform set_config('sync.kept', 'some', true);
    return new;
  end
  $change$;
  create or replace function sync.tracked_{name}_leave() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $leave$
  begin
    perform sync.commit_durably();
    if old.{tenant} is not null then
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor)
      values (old.{tenant}::text, '{name}', 'DELETE', old.{id}::text, new.sync_version, new.sync_key, new.sync_by);
    end if;
    return null;
  end
  $leave$;
  -- Who deletes is not written in the row. Old rows are looked at only where this transaction left one as it was to clients
  -- (`sync.kept`). The plan of an update is made once a session, for a few rows or for many: hence a full join, which is never
  -- a nested loop, under conditions that do not make it a simpler one.
  create or replace function sync.tracked_{name}_log() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $log$
  begin
    if current_setting('synchronous_commit') = 'off' then
      perform sync.commit_durably();
    end if;
    if tg_op = 'INSERT' or tg_op = 'UPDATE' and coalesce(current_setting('sync.kept', true), '') = '' then
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor, "row")
      select "new row".{tenant}::text, '{name}', tg_op, "new row".{id}::text, "new row".sync_version, "new row".sync_key, "new row".sync_by, sync.row_json("new row"::{table})
      from new_rows "new row"
      where "new row".{tenant} is not null;
    elsif tg_op = 'UPDATE' then
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor, "row")
      select "new row".{tenant}::text, '{name}', tg_op, "new row".{id}::text, "new row".sync_version, "new row".sync_key, "new row".sync_by, sync.row_json("new row"::{table})
      from new_rows "new row" full join old_rows "old row" on "old row".{id}::text = "new row".{id}::text
      where "old row".sync_version is distinct from "new row".sync_version and ("new row".{tenant} is null) is not true;
    else
      insert into sync.tombstones as t (table_name, pk, version)
      select '{name}', "old row".{id}::text, "old row".sync_version + 1 from old_rows "old row"
      on conflict (table_name, pk) do update set version = greatest(t.version, excluded.version), deleted_at = now();
      insert into sync.change_log (org_id, table_name, op, pk, version, mutation_key, actor)
      select "old row".{tenant}::text, '{name}', tg_op, "old row".{id}::text, "old row".sync_version + 1,
        nullif(current_setting('sync.mutation_key', true), ''), nullif(current_setting('sync.actor', true), '')
      from old_rows "old row"
      where "old row".{tenant} is not null;
    end if;
    -- The whole signature, which takes long to read, only where there may be several.
    if to_regnamespace('realtime') is not null
      and (to_regproc('realtime.send') is not null or to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null) then
      perform sync.broadcast_changes();
    end if;
    return null;
  end
  $log$;
$template$;

create function sync.trigger_definitions() returns text
language sql immutable
return $template$
  create trigger zz_sync_a_truncate before truncate on {table} for each statement execute function sync.refuse_truncate();
  create trigger zz_sync_b_start before insert on {table} for each row execute function sync.tracked_{name}_start();
  create trigger zz_sync_c_change before update on {table} for each row execute function sync.tracked_{name}_change();
  create trigger zz_sync_d_leave after update on {table} for each row
    when ({moved}) execute function sync.tracked_{name}_leave();
  create trigger zz_sync_e_insert after insert on {table} referencing new table as new_rows
    for each statement execute function sync.tracked_{name}_log();
  create trigger zz_sync_e_update after update on {table} referencing old table as old_rows new table as new_rows
    for each statement execute function sync.tracked_{name}_log();
  create trigger zz_sync_e_delete after delete on {table} referencing old table as old_rows
    for each statement execute function sync.tracked_{name}_log();
$template$;

-- The condition under which a change of `p_columns` changed what is shown: image by image, which every type has. A
-- generated column is told by what it is made from, since triggers before an update do not see it.
create function sync.change_condition(p_table regclass, p_columns text[]) returns text
language sql stable
return (
  with seen as (
    select distinct a.attname
    from unnest(p_columns) c (name)
    join pg_attribute g on g.attrelid = p_table and g.attname = c.name
    left join pg_attrdef d on g.attgenerated <> '' and d.adrelid = p_table and d.adnum = g.attnum
    left join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refobjid = p_table and p.refobjsubid > 0
    join pg_attribute a on a.attrelid = p_table and a.attnum = coalesce(p.refobjsubid, g.attnum)
    where a.attgenerated = ''
  )
  select coalesce(format('(row(%s)::record operator(pg_catalog.*<>) row(%s)::record)',
    string_agg(format('new.%I', s.attname), ', ' order by s.attname), string_agg(format('old.%I', s.attname), ', ' order by s.attname)), 'false')
  from seen s);

-- The condition under which a row went to another organisation, or to none. Short where equal means the same text: it is
-- read anew by each statement.
create function sync.moved_condition(p_table regclass, p_tenant text) returns text
language sql stable
return case when sync.is_plain_id(p_table, p_tenant)
  then format('new.%1$I is distinct from old.%1$I', p_tenant)
  else format('row(new.%1$I)::record operator(pg_catalog.*<>) row(old.%1$I)::record', p_tenant) end;

-- sql/engine/track_functions.sql

-- The functions of a tracked table that are no triggers.

-- Makes sync.row_json(a row of the table): what clients see of it, the same in answers, lists and the change log.
create procedure sync.make_row_json(
  p_table regclass, p_name text, p_id text, p_tenant text, p_columns text[], p_row text, p_keys text[], p_values text[])
language plpgsql
as $$
declare
  v_ours text[] := array['id', 'org_id', 'version', 'updated_at', 'updated_by', 'last_mutation_key'];
  v_keys text[];
  v_values text[];
  v_row text;
  v_unseen text;
begin
  select coalesce(array_agg(c.name), '{}'), coalesce(array_agg(case when c.name = p_id then format('r.%I::text', c.name) else sync.shown_value(p_table, c.name) end), '{}')
  into v_keys, v_values
  from unnest(p_columns) c (name) where c.name <> all (p_keys || v_ours);
  v_row := sync.object_sql(v_keys || p_keys || v_ours, v_values || p_values || array[
    format('r.%I::text', p_id), format('r.%I::text', p_tenant), 'r.sync_version', 'sync.instant(r.sync_at)', 'r.sync_by', 'r.sync_key']);
  if p_row is not null then
    -- By itself first: a text is no jsonb, though it can be cast as long as there is no row.
    execute format('create or replace function sync.row_json(r %s) returns jsonb language sql stable return (%s)', p_name, p_row);
    v_row := format('coalesce((%s)::jsonb, ''{}'') || %s', p_row, v_row);
  end if;
  execute format('create or replace function sync.row_json(r %s) returns jsonb language sql stable return %s', p_name, v_row);
  -- What cannot be computed is told now.
  execute format('select sync.row_json(r) from %s r limit 1', p_name);
  select a.attname into v_unseen
  from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_proc'::regclass and d.refobjid = p_table and a.attgenerated = 'v'
    and d.objid = to_regprocedure(format('sync.row_json(%s)', p_name));
  if v_unseen is not null then
    raise exception 'the column "%" is computed when it is read, which triggers do not see. Show what it is made from', v_unseen
      using errcode = 'invalid_parameter_value';
  end if;
exception when others then
  if p_row is null or sqlstate = '55P03' then
    raise;
  end if;
  raise exception '% cannot be tracked: p_row must be an expression over the row "r" that gives a jsonb object, and fails: %', p_table, sqlerrm
    using errcode = 'invalid_parameter_value';
end
$$;

-- sync.tracked_<name>_id and _tenant: a text as a value of that column, null when it is none (out of range, of another
-- form, not written the way the database writes it). _ids: those of many texts that are ids.
create procedure sync.make_id_functions(p_table regclass, p_name text, p_id text, p_tenant text)
language plpgsql
as $$
declare
  v_verb text;
  v_column text;
  v_type oid;
begin
  for v_verb, v_column in values ('id', p_id), ('tenant', p_tenant) loop
    v_type := sync.column_type(p_table, v_column);
    -- Dropped first: its type may be another one now.
    call sync.drop_function(format('sync.tracked_%s_%s(text)', p_name, v_verb));
    execute sync.fill(case when (select t.typcategory from pg_type t where t.oid = v_type) = 'S' and v_type <> 'bpchar'::regtype then $template$
      create function sync.tracked_{name}_{verb}(p_text text) returns {type} language sql stable return p_text::{type}
    $template$ else $template$
      create function sync.tracked_{name}_{verb}(p_text text) returns {type} language plpgsql stable as $parse$
      declare
        v_value {type};
      begin
        v_value := p_text::{type};
        return case when v_value::text = p_text then v_value end;
      exception when others then
        return null;
      end
      $parse$
    $template$ end, jsonb_build_object('name', p_name, 'verb', v_verb, 'type', sync.type_name(v_type)));
  end loop;
  call sync.drop_function(format('sync.tracked_%s_ids(text[])', p_name));
  execute sync.fill($template$
    create function sync.tracked_{name}_ids(p_texts text[]) returns {type}[] language plpgsql stable as $parse$
    declare
      v_values {type}[];
    begin
      begin
        v_values := p_texts::{type}[];
      exception when others then
        null;
      end;
      -- All at once, as long as all of them are ids.
      if v_values::text[] = p_texts then
        return v_values;
      end if;
      return array(select i.id from (select sync.tracked_{name}_id(a.text) as id from unnest(p_texts) a (text)) i where i.id is not null);
    end
    $parse$
  $template$, jsonb_build_object('name', p_name, 'type', sync.type_name(sync.column_type(p_table, p_id))));
end
$$;

-- sql/engine/track_table.sql

-- Gives a table versions and a place in the change log, under the name clients know it by. Callers: migrations, a team's
-- and ours. May be called again, also with other columns. It waits at most 2 s for the table, so it belongs in a
-- migration of its own. Locks the table: exclusively while it gets columns, else against writers.
--   p_as       the name clients know; its own one unless given
--   p_id       the column that names a row
--   p_tenant   the column that says whose it is; a row with null there is nobody's
--   p_columns  what clients see of it, or p_row: a jsonb expression over the row `r`
create procedure sync.track_table(
  p_table regclass, p_as text default null, p_id text default 'id', p_tenant text default 'org_id',
  p_columns text[] default null, p_row text default null)
language plpgsql
as $$
begin
  call sync.track_mapped(p_table, p_as, p_id, p_tenant, p_columns, p_row, '{}', '{}', '{}');
end
$$;

-- The same for a module that shows fields of its own: `p_keys` and `p_values` (expressions over `r`), made from the columns
-- `p_seen`. A field of its own wins over one that was asked for.
create procedure sync.track_mapped(
  p_table regclass, p_as text, p_id text, p_tenant text, p_columns text[], p_row text, p_keys text[], p_values text[], p_seen text[])
language plpgsql
as $$
declare
  v_name text := coalesce(p_as, (select c.relname from pg_class c where c.oid = p_table));
  v_shown text[] := case when p_columns is null and p_row is null and cardinality(p_keys) > 0 then '{}' else p_columns end;
  v_table text := (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = p_table);
  v_waits text := current_setting('lock_timeout');
  v_fails_anyway boolean;
  v_former text;
  v_values jsonb;
  v_objection text := coalesce(
    sync.objection_to_relation(p_table, v_name), sync.objection_to_leaving(p_table, v_name, cardinality(p_keys) > 0), sync.objection_to_keys(p_table, p_id, p_tenant), sync.objection_to_own_columns(p_table),
    sync.objection_to_shown(p_table, p_id, p_tenant, v_shown, p_row));
begin
  if v_objection is not null then
    raise exception '% cannot be tracked: %.', p_table, v_objection using errcode = 'invalid_parameter_value';
  end if;
  if (select s.setting::integer not between 1 and 2000 from pg_settings s where s.name = 'lock_timeout') then
    perform set_config('lock_timeout', '2000', true);
  end if;
  v_fails_anyway := sync.trouble_of_a_write(v_table, p_tenant) is not null;
  execute (
    select coalesce('alter table ' || v_table || ' ' || string_agg(format('add column %s %s', own.name, own.type), ', '),
      format('lock table %s in share row exclusive mode', v_table))
    from (values ('sync_version', 'bigint not null default 1'), ('sync_at', 'timestamptz'), ('sync_by', 'text'), ('sync_key', 'text')) own (name, type)
    where not exists (select from pg_attribute a where a.attrelid = p_table and a.attname = own.name and not a.attisdropped));

  call sync.take_triggers_off(p_table);
  v_former := (select t.name from sync.tracked_tables t where t.relation = p_table and t.name <> v_name);
  call sync.drop_functions_of(v_former);
  delete from sync.tracked_tables t where t.name = v_name and t.relation <> p_table;
  insert into sync.tracked_tables as t (name, relation, id_column, tenant_column, columns, row_sql, told_table, told_columns)
  values (v_name, p_table, p_id, p_tenant, v_shown, p_row, v_table, array[p_id, p_tenant] || v_shown || p_seen)
  on conflict (relation) do update set name = excluded.name, id_column = excluded.id_column, tenant_column = excluded.tenant_column,
    columns = excluded.columns, row_sql = excluded.row_sql, told_table = excluded.told_table, told_columns = excluded.told_columns,
    effects = case when t.name = excluded.name then t.effects else '{}' end;

  call sync.make_row_json(p_table, v_table, p_id, p_tenant, v_shown, p_row, p_keys, p_values);
  v_values := jsonb_build_object('unseen', (
      select string_agg(format('v_new.%1$I := old.%1$I;', a.attname), ' ') from pg_attribute a where a.attrelid = p_table and a.attgenerated <> '' and not a.attisdropped),
    'name', v_name, 'table', v_table, 'id', quote_ident(p_id), 'tenant', quote_ident(p_tenant),
    'moved', sync.moved_condition(p_table, p_tenant),
    'changed', sync.change_condition(p_table, case
      when p_row is null then v_shown || p_seen || p_tenant
      else (select coalesce(array_agg(a.attname::text), '{}') from pg_attribute a where a.attrelid = p_table and a.attgenerated <> '' and not a.attisdropped) end));
  execute sync.fill(sync.trigger_functions(p_row is null) || sync.trigger_definitions(), v_values);
  call sync.make_id_functions(p_table, v_name, p_id, p_tenant);
  execute format('grant usage on schema %I to sync_runtime; grant select on %s to sync_runtime',
    (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = p_table), v_table);
  call sync.close_inside();

  if not v_fails_anyway then
    v_objection := sync.trouble_of_a_write(v_table, p_tenant);
    if v_objection is not null then
      raise exception '% cannot be tracked: a write that changes nothing fails with our columns and triggers, "%". A trigger that copies whole rows (old.*) into another table is the usual reason: let it name its columns.', p_table, v_objection
        using errcode = 'invalid_parameter_value';
    end if;
  end if;
  call sync.warn_of_what_is_slow_or_hidden(p_table, v_table, p_id, p_tenant);
  perform set_config('lock_timeout', v_waits, true);
end
$$;

-- Changes nothing, of one row and of none, and takes even that back: what went wrong, null when nothing did. What a
-- statement alone sets off is planned by it, so an empty table tells as well.
create function sync.trouble_of_a_write(p_table text, p_column text) returns text
language plpgsql volatile
as $$
begin
  execute format('update only %1$s set %2$I = %2$I where ctid = (select ctid from only %1$s limit 1)', p_table, p_column);
  execute format('insert into %1$s (%2$I) select %2$I from only %1$s where false', p_table, p_column);
  execute format('delete from only %s where false', p_table);
  raise exception using errcode = 'SY003';
exception
  when sqlstate 'SY003' then
    return null;
  when lock_not_available then
    raise;
  when others then
    return sqlerrm;
end
$$;

create procedure sync.warn_of_what_is_slow_or_hidden(p_table regclass, p_name text, p_id text, p_tenant text)
language plpgsql
as $$
begin
  if not exists (
    select from pg_index i
    join pg_attribute t on t.attrelid = p_table and t.attname = p_tenant join pg_attribute k on k.attrelid = p_table and k.attname = p_id
    where i.indrelid = p_table and i.indisvalid and i.indpred is null and i.indnkeyatts >= 2 and i.indkey[0] = t.attnum and i.indkey[1] = k.attnum) then
    raise warning 'Lists of % are slow for a large organisation until somebody says, outside of a transaction: create index concurrently on % (%, %)',
      p_table, p_name, quote_ident(p_tenant), quote_ident(p_id);
  end if;
  if (select c.relrowsecurity from pg_class c where c.oid = p_table) and not exists (
    select from pg_policy p where p.polrelid = p_table and (p.polroles = '{0}' or 'sync_runtime'::regrole = any (p.polroles))) then
    raise warning 'Row-level security hides all rows of % from an API that does not own it. The API names the organisation in each statement; let it see them: create policy run_by_api on % to sync_runtime using (true) with check (true)',
      p_table, p_name;
  end if;
end
$$;

-- What was made for a table under this name, by modules too.
create procedure sync.drop_functions_of(p_name text)
language plpgsql
as $$
declare
  v_function text;
begin
  for v_function in
    select format('sync.tracked_%s_%s', p_name, f.verb)
    from unnest(array['start()', 'change()', 'leave()', 'log()', 'id(text)', 'tenant(text)', 'ids(text[])']) f (verb)
    union all select unnest(t.effects) from sync.tracked_tables t where t.name = p_name
  loop
    call sync.drop_function(v_function);
  end loop;
end
$$;

create procedure sync.drop_function(p_signature text)
language plpgsql
as $$
begin
  if to_regprocedure(p_signature) is not null then
    execute 'drop function ' || p_signature;
  end if;
end
$$;

create procedure sync.take_triggers_off(p_table regclass)
language plpgsql
as $$
declare
  v_trigger text;
begin
  for v_trigger in select t.tgname from pg_trigger t where t.tgrelid = p_table and t.tgname like 'zz\_sync\_%' and not t.tgisinternal loop
    execute format('drop trigger %I on %s', v_trigger, p_table);
  end loop;
end
$$;

-- Takes track_table back, and what modules built on it. Our four columns stay, so that versions go on counting when the
-- table is tracked again; with p_drop_columns they go too, and pages that are open must be loaded anew by then.
create procedure sync.untrack_table(p_table regclass, p_drop_columns boolean default false)
language plpgsql
as $$
declare
  v_name text := (select t.name from sync.tracked_tables t where t.relation = p_table);
begin
  call sync.take_triggers_off(p_table);
  if v_name is not null then
    call sync.drop_functions_of(v_name);
    call sync.drop_function(format('sync.row_json(%s)', p_table));
    delete from sync.tracked_tables t where t.relation = p_table;
  end if;
  if p_drop_columns then
    execute format('alter table %s drop column if exists sync_version, drop column if exists sync_at, drop column if exists sync_by, drop column if exists sync_key', p_table);
  end if;
end
$$;

-- sql/engine/mapped_columns.sql

-- For modules that work on a table of the team's: which of its columns is what, and its own words for what clients say.

-- The column that was named, which must be there; else the one of the usual name, if there is one.
create function sync.mapped_column(p_table regclass, p_named text, p_usual text) returns text
language plpgsql stable
as $$
begin
  if exists (select from pg_attribute a
    where a.attrelid = p_table and a.attname = coalesce(p_named, p_usual) and a.attnum > 0 and not a.attisdropped) then
    return coalesce(p_named, p_usual);
  end if;
  if p_named is not null then
    raise exception '% has no column "%".', p_table, p_named using errcode = 'invalid_parameter_value';
  end if;
  return null;
end
$$;

-- A client's word as the database's, and back. `p_words`: the database's word by the client's, where they differ. A word
-- of the database that no client has is shown as it is.
create function sync.stored_word(p_words jsonb, p_expression text) returns text
language sql immutable
return (
  select coalesce('case ' || p_expression || ' ' || string_agg(format('when %L then %L', w.key, w.value), ' ' order by w.key)
    || ' else ' || p_expression || ' end', p_expression)
  from jsonb_each_text(p_words) w);

create function sync.shown_word(p_words jsonb, p_expression text) returns text
language sql immutable
return sync.stored_word((select coalesce(jsonb_object_agg(w.value, w.key), '{}') from jsonb_each_text(p_words) w), p_expression);

-- Whether the checks over one column allow a value; what can only be told of a whole row is not judged.
create function sync.may_hold(p_table regclass, p_column text, p_value text) returns boolean
language plpgsql stable
as $$
declare
  v_check text;
  v_allows boolean;
begin
  for v_check in
    select format('select (%s) from (select %L::%s as %I) v', pg_get_expr(c.conbin, c.conrelid), p_value, format_type(a.atttypid, a.atttypmod), p_column)
    from pg_attribute a join pg_constraint c on c.conrelid = p_table and c.contype = 'c' and c.conkey = array[a.attnum]
    where a.attrelid = p_table and a.attname = p_column
  loop
    execute v_check into v_allows;
    if not v_allows then
      return false;
    end if;
  end loop;
  return true;
end
$$;

-- Why these words cannot be those of a column: clients know `p_known`, and each of them must have a value of its own there.
create function sync.objection_to_words(p_table regclass, p_column text, p_words jsonb, p_known text[]) returns text
language plpgsql stable
as $$
declare
  v_type text := (select format_type(a.atttypid, a.atttypmod) from pg_attribute a where a.attrelid = p_table and a.attname = p_column);
  v_known text;
  v_stored text;
  v_kept text;
begin
  if p_words is null or jsonb_typeof(p_words) <> 'object' or exists (select from jsonb_each(p_words) w where jsonb_typeof(w.value) <> 'string') then
    return 'they are an object of texts, the database''s by the client''s, for example {"won": "customer"}';
  end if;
  select w.key into v_known from jsonb_each_text(p_words) w where w.key <> all (p_known) order by 1 limit 1;
  if v_known is not null then
    return format('"%s" is no word that clients may say (%s)', v_known, array_to_string(p_known, ', '));
  end if;
  select string_agg(k.word, '" and "' order by k.word), coalesce(p_words ->> k.word, k.word) into v_known, v_stored
  from unnest(p_known) k (word) group by 2 having count(*) > 1 limit 1;
  if v_known is not null then
    return format('"%s" would be the same value, "%s". Give each its own', v_known, v_stored);
  end if;
  foreach v_known in array p_known loop
    v_stored := coalesce(p_words ->> v_known, v_known);
    begin
      execute format('select (%L::%s)::text', v_stored, v_type) into v_kept;
    exception when others then
      v_kept := null;
    end;
    if v_kept is distinct from v_stored or not sync.may_hold(p_table, p_column, v_stored) then
      return format('the column %s (%s) cannot hold "%s". Say what "%s" is there', p_column, v_type, v_stored, v_known);
    end if;
  end loop;
  return null;
end
$$;

-- What a template for one table is filled with: how to find the row `"this row"` that `v_id` and `v_asked` (its
-- text), `v_tenant` and `v_org` (its text) name.
create function sync.table_values(p_name text) returns jsonb
language sql stable
return (
  select jsonb_build_object(
    'name', t.name, 'table', (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = t.relation),
    'id', quote_ident(t.id_column), 'id_type', sync.type_name(sync.column_type(t.relation, t.id_column)),
    'tenant_type', sync.type_name(sync.column_type(t.relation, t.tenant_column)),
    'is_one', sync.id_condition(t.relation, t.id_column, 'v_id', 'v_asked'),
    'is_some', sync.id_condition(t.relation, t.id_column, 'any (v_ids)', 'any (v_asked)'),
    'is_theirs', sync.id_condition(t.relation, t.tenant_column, 'v_tenant', 'v_org'))
  from sync.tracked_tables t where t.name = p_name);

-- Carries an effect out for a row that nobody has, so that what it writes is planned: null when that can be done. What a
-- rule of the team's says today (a trigger that raises) is not judged.
create function sync.trouble_of_an_effect(p_effect regprocedure, p_request jsonb) returns text
language plpgsql volatile
as $$
begin
  execute format('select %s(null::sync.action_call, $1)', p_effect::regproc) using p_request;
  return null;
exception
  when sqlstate 'SY001' then
    return null;
  when lock_not_available then
    raise;
  when others then
    return case when left(sqlstate, 2) = '42' then sqlerrm end;
end
$$;

-- Makes functions for a tracked table, which go when it is untracked; the API's role may write these columns. `p_probe`: a
-- request that shows whether `p_effect`, one of them, can write these.
create procedure sync.make_effects(p_name text, p_sql text, p_functions text[], p_writes text[], p_effect text, p_probe jsonb)
language plpgsql
as $$
declare
  v_trouble text;
begin
  execute p_sql;
  v_trouble := sync.trouble_of_an_effect(p_effect::regprocedure, p_probe);
  if v_trouble is not null then
    raise exception '% cannot be used as "%": no click could write it, "%". Name columns that an update may set (%).',
      sync.table_values(p_name) ->> 'table', p_name, v_trouble, array_to_string(p_writes, ', ') using errcode = 'invalid_parameter_value';
  end if;
  update sync.tracked_tables t set effects = p_functions where t.name = p_name;
  execute format('grant update (%s) on %s to sync_runtime',
    (select string_agg(quote_ident(w.name), ', ') from unnest(p_writes) w (name) where w.name is not null), sync.table_values(p_name) ->> 'table');
  call sync.close_inside();
end
$$;

-- sql/engine/read_rows.sql

-- Lists of tracked tables, for any of them. One page of an organisation's rows in order of id, after the id `p_after`; the
-- planner sees the values, and an index over (organisation, id) serves it whatever the size of the table. `p_claims`
-- are who asks, for a team's row-level security. SY004: no such table; SY005: `p_after` is no id of it.
create function sync.read_rows(p_name text, p_tenant text, p_after text, p_limit integer, p_claims text default null)
returns table (id text, "row" jsonb)
language plpgsql volatile
as $$
declare
  v_tracked sync.tracked_tables;
  v_id_type oid;
  v_is_place boolean := true;
begin
  select t.* into v_tracked from sync.tracked_tables t join pg_class c on c.oid = t.relation where t.name = p_name;
  if not found then
    raise exception 'No table is tracked as "%".', p_name using errcode = 'SY004';
  end if;
  if p_claims is not null then
    perform set_config('request.jwt.claims', p_claims, true);
  end if;
  if p_after is not null then
    execute format('select sync.tracked_%s_id($1) is not null', p_name) into v_is_place using p_after;
  end if;
  if not v_is_place then
    raise exception 'No row of "%" has such an id.', p_name using errcode = 'SY005';
  end if;
  v_id_type := sync.column_type(v_tracked.relation, v_tracked.id_column);
  return query execute format(
    'select "this row".%1$I::text, sync.row_json("this row") from %2$s "this row" where %3$s and %4$s order by "this row".%1$I limit $3',
    v_tracked.id_column, v_tracked.relation,
    sync.id_condition(v_tracked.relation, v_tracked.tenant_column, format('sync.tracked_%s_tenant($1)', p_name), '$1'),
    case when p_after is null then 'true'
      else format('"this row".%I %s sync.tracked_%s_id($2)', v_tracked.id_column, sync.operator_name(v_id_type, '>'), p_name) end)
  using p_tenant, p_after, p_limit;
end
$$;

-- sql/engine/epoch.sql

-- Which life of the database cursors belong to.

-- The server and its timeline; both "hidden" where the host hides them.
create function sync.server_life(out system_identifier text, out timeline text)
language plpgsql stable
as $$
begin
  select c.system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8)
  into system_identifier, timeline from pg_control_system() c;
exception when others then
  system_identifier := 'hidden';
  timeline := 'hidden';
end
$$;

-- Settles the epoch at the start of an API process. A new one is made at the first start, after a
-- restore into another server or timeline, and when the log knows transactions this server has not
-- reached yet. Locks the epoch, so that replicas starting together agree.
create function sync.open_epoch() returns text
language plpgsql volatile
as $$
declare
  v_life record;
  v_epoch sync.epoch;
begin
  select * into v_life from sync.server_life();
  perform sync.limit_waits();
  lock table sync.epoch in share row exclusive mode;
  select * into v_epoch from sync.epoch;
  if found and v_epoch.system_identifier = v_life.system_identifier and v_epoch.timeline = v_life.timeline
    and v_epoch.floor_xid < pg_snapshot_xmax(pg_current_snapshot())
    -- One statement, one snapshot: a commit in between must not look like the future.
    and not exists (select from sync.change_log c where c.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
    return v_epoch.epoch;
  end if;
  return sync.renew_epoch(v_life.system_identifier, v_life.timeline);
end
$$;

-- Callers: each new connection of the API. A server that took over, or was put back to an earlier point, goes on on
-- another timeline; the API's processes need not have noticed more than a lost connection. True when a new epoch began.
create function sync.settle_timeline() returns boolean
language plpgsql volatile
as $$
declare
  v_epoch sync.epoch;
begin
  select * into v_epoch from sync.epoch;
  if not found or exists (
    select from sync.server_life() l where l.system_identifier = v_epoch.system_identifier and l.timeline = v_epoch.timeline
  ) then
    return false;
  end if;
  return sync.open_epoch() <> v_epoch.epoch;
end
$$;

-- Starts another epoch: every client reads all rows again. To be called by hand after a restore that
-- leaves no trace (a disk snapshot put back).
create function sync.renew_epoch(p_system text default null, p_timeline text default null) returns text
language plpgsql volatile
as $$
declare
  v_life record;
  v_epoch text := left(replace(gen_random_uuid()::text, '-', ''), 16);
begin
  select coalesce(p_system, l.system_identifier) as system_identifier, coalesce(p_timeline, l.timeline) as timeline
  into v_life from sync.server_life() l;
  perform sync.commit_durably();
  -- Transaction numbers of another life would sort among those to come.
  delete from sync.change_log;
  insert into sync.epoch as e (epoch, system_identifier, timeline, secret, floor_xid, floor_seq, floor_at)
  values (v_epoch, v_life.system_identifier, v_life.timeline, gen_random_uuid()::text || gen_random_uuid()::text, '0', 0, clock_timestamp())
  on conflict (only_row) do update
  set epoch = excluded.epoch, system_identifier = excluded.system_identifier, timeline = excluded.timeline, secret = excluded.secret,
    floor_xid = excluded.floor_xid, floor_seq = excluded.floor_seq, floor_at = excluded.floor_at, opened_at = now();
  return v_epoch;
end
$$;

-- sql/engine/cursor.sql

-- A place in the change log names a change that exists: the newest visible one below the snapshot's horizon, of any
-- organisation, or the floor. The horizon itself is not durable: after a crash its number is handed out again, and a
-- change under that number would lie behind a cursor that named it.
create type sync.place as (xid xid8, seq bigint, at_us bigint);

create function sync.micros(p_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000000)::bigint;

-- What a place is worth: 'valid'; 'gone' (of another epoch, or older than the floor); or 'vanished': the change was
-- there and retention did not take it, so the database was put back to an earlier state.
create function sync.judge_place(p_epoch text, p_place sync.place) returns text
language sql stable
return (
  select case
    when p_epoch is distinct from e.epoch then 'gone'
    when (p_place).xid = e.floor_xid and (p_place).seq = e.floor_seq and (p_place).at_us = sync.micros(e.floor_at) then 'valid'
    when ((p_place).xid, (p_place).seq) <= (e.floor_xid, e.floor_seq) then 'gone'
    when exists (
      select from sync.change_log c
      where c.xid = (p_place).xid and c.seq = (p_place).seq and sync.micros(c.changed_at) = (p_place).at_us) then 'valid'
    else 'vanished' end
  from sync.epoch e);

-- Where a reader stands that has seen everything below the horizon.
create function sync.newest_place(p_horizon xid8) returns sync.place
language sql stable
return (
  select case when (newest.xid, newest.seq) > (e.floor_xid, e.floor_seq)
    then row(newest.xid, newest.seq, sync.micros(newest.changed_at))::sync.place
    else row(e.floor_xid, e.floor_seq, sync.micros(e.floor_at))::sync.place end
  from sync.epoch e
  left join lateral (
    select c.xid, c.seq, c.changed_at from sync.change_log c where c.xid < p_horizon order by c.xid desc, c.seq desc limit 1
  ) newest on true);

-- The end of a cursor: nobody who was not given it can name a place of the log. Without it, whoever is signed in could
-- claim to have seen a change that never was, and make every client read all rows again.
create function sync.cursor_seal(p_epoch text, p_place sync.place) returns text
language sql stable
return (
  select left(encode(sha256(convert_to(concat_ws('.', e.secret, p_epoch, (p_place).xid, (p_place).seq, (p_place).at_us), 'UTF8')), 'hex'), 16)
  from sync.epoch e);

create function sync.cursor_text(p_epoch text, p_place sync.place) returns text
language sql stable
return concat_ws('.', p_epoch, (p_place).xid, (p_place).seq, (p_place).at_us, sync.cursor_seal(p_epoch, p_place));

-- sql/engine/read_changes.sql

-- Reading the change log by cursor.

create function sync.change_json(p_change sync.change_log) returns jsonb
language sql stable
return jsonb_build_object(
  'table', p_change.table_name, 'eventType', p_change.op, 'version', p_change.version, 'new', p_change."row",
  'old', case when p_change.op <> 'INSERT' then jsonb_build_object('id', p_change.pk) end,
  'origin', jsonb_build_object('actor', p_change.actor, 'mutationKey', p_change.mutation_key));

-- One page for one organisation. Stable: everything in it is read in one snapshot, the cursor's own change included.
-- p_epoch null with p_given: the cursor could not be read, which counts as gone. 'vanished' says of one that is gone
-- that it was given by us and names a change that retention did not take.
create function sync.read_changes(
  p_tenant text, p_epoch text, p_xid xid8, p_seq bigint, p_at_us bigint, p_seal text, p_limit integer, p_given boolean) returns jsonb
language plpgsql stable
as $$
declare
  v_epoch text := (select e.epoch from sync.epoch e);
  v_since sync.place := row(p_xid, p_seq, p_at_us);
  v_next sync.place;
  v_newest sync.place;
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_held_back timestamptz;
  v_verdict text;
  v_changes jsonb := '[]';
  v_count integer := 0;
begin
  if p_given then
    v_verdict := sync.judge_place(p_epoch, v_since);
    if v_verdict <> 'valid' then
      return jsonb_build_object('gone', true, 'epoch', v_epoch,
        'vanished', v_verdict = 'vanished' and coalesce(p_seal = sync.cursor_seal(p_epoch, v_since), false));
    end if;
    with page as (
      select c from sync.change_log c
      where c.org_id = p_tenant and (c.xid, c.seq) > (p_xid, p_seq) and c.xid < v_horizon
      order by c.xid, c.seq
      limit p_limit + 1
    ), shown as (select p.c from page p limit p_limit),
    last as (select (l.c).* from shown l order by (l.c).xid desc, (l.c).seq desc limit 1)
    select coalesce(jsonb_agg(sync.change_json(s.c) order by (s.c).xid, (s.c).seq), '[]'), (select count(*) from page),
      (select l.xid from last l), (select l.seq from last l), (select sync.micros(l.changed_at) from last l)
    into v_changes, v_count, v_next.xid, v_next.seq, v_next.at_us
    from shown s;
  end if;
  if v_count <= p_limit then
    -- Past the last page everything below the horizon was seen, other organisations' rows included.
    v_newest := sync.newest_place(v_horizon);
    v_next := case when p_given and (v_since.xid, v_since.seq) > (v_newest.xid, v_newest.seq) then v_since else v_newest end;
  end if;
  -- Committed, but hidden behind a transaction that is still open.
  select c.changed_at into v_held_back from sync.change_log c
  where c.org_id = p_tenant and c.xid >= v_horizon order by c.xid, c.seq limit 1;
  return jsonb_build_object(
    'gone', false, 'changes', v_changes, 'hasMore', v_count > p_limit, 'next', sync.cursor_text(v_epoch, v_next),
    'horizonLagMs', coalesce(greatest(floor(extract(epoch from clock_timestamp() - v_held_back) * 1000), 0), 0),
    'epoch', v_epoch);
end
$$;

-- One page for the feed that serves all organisations, by the same rule; without a place, where to begin.
create function sync.read_feed(p_epoch text, p_xid xid8, p_seq bigint, p_at_us bigint, p_limit integer default 500) returns jsonb
language plpgsql stable
as $$
declare
  v_since sync.place := row(p_xid, p_seq, p_at_us);
  v_next sync.place;
  v_newest sync.place;
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_verdict text := case when p_epoch is null then 'valid' else sync.judge_place(p_epoch, v_since) end;
  v_changes jsonb;
  v_count integer;
begin
  if v_verdict <> 'valid' then
    return jsonb_build_object('gone', true, 'vanished', v_verdict = 'vanished');
  end if;
  with page as (
    select c from sync.change_log c
    where (c.xid, c.seq) > (p_xid, p_seq) and c.xid < v_horizon
    order by c.xid, c.seq
    limit p_limit
  ), last as (select (l.c).* from page l order by (l.c).xid desc, (l.c).seq desc limit 1)
  select coalesce(jsonb_agg(
      jsonb_build_object('tenant', (p.c).org_id, 'change', sync.change_json(p.c)) order by (p.c).xid, (p.c).seq), '[]'),
    count(*), (select l.xid from last l), (select l.seq from last l), (select sync.micros(l.changed_at) from last l)
  into v_changes, v_count, v_next.xid, v_next.seq, v_next.at_us
  from page p;
  if v_count < p_limit then
    v_newest := sync.newest_place(v_horizon);
    v_next := case when (v_since.xid, v_since.seq) > (v_newest.xid, v_newest.seq) then v_since else v_newest end;
  end if;
  return jsonb_build_object('gone', false, 'changes', v_changes, 'hasMore', v_count = p_limit,
    'epoch', (select e.epoch from sync.epoch e), 'xid', v_next.xid::text, 'seq', v_next.seq::text, 'at', v_next.at_us::text);
end
$$;

-- sql/engine/vanished_changes.sql

-- Recognises a database that was put back to an earlier state without a trace, as a raw disk snapshot does:
-- a change that was read once is no longer there, and nothing of ours deleted it. Callers: the API's processes, every
-- few seconds, with the newest change that one of them has seen; and readers whose cursor names such a change. A
-- change is {epoch, xid, seq, at}, the last three as decimal text, `at` in microseconds.

-- The newest change, to be asked for again later; null while the log is empty. What can be read was flushed before.
create function sync.newest_change() returns jsonb
language sql stable
return (
  select jsonb_build_object('epoch', e.epoch, 'xid', c.xid::text, 'seq', c.seq::text, 'at', sync.micros(c.changed_at)::text)
  from sync.epoch e, sync.change_log c
  order by c.xid desc, c.seq desc
  limit 1);

create function sync.has_vanished(p_change jsonb) returns boolean
language sql stable
return coalesce(sync.judge_place(p_change ->> 'epoch',
  row((p_change ->> 'xid')::xid8, (p_change ->> 'seq')::bigint, (p_change ->> 'at')::bigint)::sync.place) = 'vanished', false);

-- Begins another epoch when the change has vanished; true when it did. Locks the epoch: of several replicas
-- that notice at once, one begins it.
create function sync.renew_if_vanished(p_change jsonb) returns boolean
language plpgsql volatile
as $$
begin
  perform sync.limit_waits();
  lock table sync.epoch in share row exclusive mode;
  if not sync.has_vanished(p_change) then
    return false;
  end if;
  perform sync.renew_epoch(e.system_identifier, e.timeline) from sync.epoch e;
  return true;
end
$$;

-- sql/engine/retention.sql

-- Retention, in batches small enough never to hold up a click. Each returns how many rows went.
create function sync.delete_old_ledger(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.ledger l using (
    select o.tenant, o.actor, o.key from sync.ledger o, sync.settings s
    -- A day longer than promised: clocks of clients differ from ours.
    where o.created_at < now() - s.ledger_retention - interval '1 day'
    order by o.created_at
    limit p_batch
    for update of o skip locked
  ) old
  where l.tenant = old.tenant and l.actor = old.actor and l.key = old.key;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;

-- Deletes nothing above the horizon (its neighbours may still be uncommitted), and never the newest change: cursors
-- name it.
create function sync.delete_old_changes(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
  v_xid xid8;
  v_seq bigint;
  v_at timestamptz;
begin
  perform sync.limit_waits();
  -- One trims at a time, and the floor only rises.
  perform from sync.epoch for update;
  with oldest as (
    select c.xid, c.seq, c.changed_at from sync.change_log c
    where c.xid < pg_snapshot_xmin(pg_current_snapshot())
      and (c.xid, c.seq) < (select n.xid, n.seq from sync.change_log n order by n.xid desc, n.seq desc limit 1)
    order by c.xid, c.seq
    limit p_batch
    for update
  ), gone as (
    delete from sync.change_log c using oldest o, sync.settings s
    where c.xid = o.xid and c.seq = o.seq and o.changed_at < now() - s.change_log_retention
    returning c.xid, c.seq, c.changed_at
  ), last as (select g.* from gone g order by g.xid desc, g.seq desc limit 1)
  select count(*), (select l.xid from last l), (select l.seq from last l), (select l.changed_at from last l)
  into v_deleted, v_xid, v_seq, v_at
  from gone;
  -- In the same transaction: no reader may miss a row without being told.
  update sync.epoch e
  set floor_xid = v_xid, floor_seq = v_seq, floor_at = v_at
  where (v_xid, v_seq) > (e.floor_xid, e.floor_seq);
  return v_deleted;
end
$$;

create function sync.delete_old_tombstones(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.tombstones t using (
    select o.table_name, o.pk from sync.tombstones o, sync.settings s
    where o.deleted_at < now() - greatest(s.ledger_retention, s.change_log_retention) - interval '1 day'
    order by o.deleted_at
    limit p_batch
    for update of o skip locked
  ) old
  where t.table_name = old.table_name and t.pk = old.pk;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;

-- sql/engine/audit.sql

-- What operators and service accounts looked up of people's clicks, and what they changed by hand. Written before anything is
-- shown, so that there is no look without its record.

create table sync.audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- Through the API, whom its verified token names; through org-api, whom the operator's machine names, which proves nothing:
  -- `role` is what the database knows.
  actor text not null,
  door text not null constraint audit_door check (door in ('api', 'org-api')),
  role text not null default session_user,
  verb text not null,
  -- Whose records: null means of every organisation.
  tenant text collate "C",
  about_kind text not null,
  about text collate "C" not null,
  replica text default sync.replica()
);
create index audit_at on sync.audit (at);
create index audit_about on sync.audit (about);

-- BEFORE UPDATE OR DELETE on audit: whoever looks cannot take back that they looked.
create function sync.keep_audit() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' and old.at < now() - (select s.audit_retention from sync.settings s) then
    return old;
  end if;
  raise exception using errcode = 'SY003', message = 'The audit of sync is only added to, and emptied by its retention.';
end
$$;
create trigger keep_audit before update or delete on sync.audit
  for each row execute function sync.keep_audit();

create function sync.record_audit(p_actor text, p_door text, p_verb text, p_tenant text, p_about_kind text, p_about text) returns void
language sql volatile
as $$
  insert into sync.audit (actor, door, verb, tenant, about_kind, about)
  values (p_actor, p_door, p_verb, p_tenant, p_about_kind, p_about);
$$;

create function sync.delete_old_audit(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.audit a using (
    select o.seq from sync.audit o, sync.settings s
    where o.at < now() - s.audit_retention
    order by o.at
    limit p_batch
    for update of o skip locked
  ) old
  where a.seq = old.seq;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;

-- sql/engine/find_row.sql

-- One row of a tracked table as clients see it, for whoever looks into a click: of one organisation, or of any where `p_tenant`
-- is null. Null: there is none.
create function sync.find_row(p_name text, p_id text, p_tenant text) returns jsonb
language plpgsql stable
as $$
declare
  v_tracked sync.tracked_tables;
  v_row jsonb;
begin
  select t.* into v_tracked from sync.tracked_tables t join pg_class c on c.oid = t.relation where t.name = p_name;
  if not found then
    return null;
  end if;
  execute format('select sync.row_json("this row") from %s "this row" where %s and ($2 is null or "this row".%I::text = $2)',
    v_tracked.relation, sync.id_condition(v_tracked.relation, v_tracked.id_column, format('sync.tracked_%s_id($1)', p_name), '$1'),
    v_tracked.tenant_column)
  into v_row using p_id, p_tenant;
  return v_row;
end
$$;

-- sql/engine/access.sql

-- Who may use the inside: the owner, and whoever was granted sync_runtime (a role of the whole server, which the
-- owner hands to the role the API connects as: `grant sync_runtime to my_api`).

do $$
begin
  if to_regrole('sync_runtime') is null then
    create role sync_runtime nologin;
  end if;
exception
  -- Another database of this server was faster.
  when duplicate_object or unique_violation then null;
end
$$;

-- The organisations whose rows a browser's own token may read, through Realtime and where a team grants it: here the claim
-- app_metadata.org_id. The one place where policies ask. A deployment with another claim, or with a table of memberships,
-- replaces it (`create or replace`, `security definer` where the table is not the browser's to read), and its twin in the
-- API: TENANT_CLAIM, `tenantOf` or `caller`.
create function sync.caller_tenants() returns setof text
language sql stable
as $$ select auth.jwt() -> 'app_metadata' ->> 'org_id' $$;

-- Whether the caller may hear a channel: whole names are compared, since an organisation's id may hold colons too. The name
-- of a table has none.
create function sync.may_hear(p_topic text) returns boolean
language sql stable
return exists (select from sync.caller_tenants() t (tenant) where p_topic = concat('sync:', split_part(p_topic, ':', 2), ':', t.tenant) and t.tenant is not null);

-- Last in each migration that makes something here: functions are open to everybody by default.
create procedure sync.close_inside()
language plpgsql
as $$
begin
  revoke all on all tables in schema sync from public, anon, authenticated;
  revoke all on all routines in schema sync from public, anon, authenticated;
  grant usage on schema sync to sync_runtime;
  grant select, insert, update, delete on all tables in schema sync to sync_runtime;
  grant execute on all routines in schema sync to sync_runtime;
  -- Policies run as whoever reads.
  grant execute on function sync.caller_tenants(), sync.may_hear(text) to authenticated;
end
$$;

-- sql/engine/realtime_policies.sql

-- Who may hear what is broadcast, where Supabase Realtime is. Called below if it is there by now; else by whoever adds it
-- later, until which every channel of ours is refused. May be called again. Locks realtime.messages exclusively for a moment.
create procedure sync.open_realtime()
language plpgsql
as $$
begin
  if to_regclass('realtime.messages') is null then
    raise exception 'There is no table realtime.messages in this database: start Supabase Realtime on it first, then call sync.open_realtime() again.'
      using errcode = 'undefined_table';
  end if;
  if not (select c.relrowsecurity from pg_class c where c.oid = to_regclass('realtime.messages')) then
    raise exception 'Row-level security is off on realtime.messages, so everybody would hear every organisation. Say: alter table realtime.messages enable row level security; then call sync.open_realtime() again.'
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  drop policy if exists sync_hear on realtime.messages;
  create policy sync_hear on realtime.messages for select to authenticated
    using (extension = 'broadcast' and topic = realtime.topic() and sync.may_hear(topic));
  -- Whatever a policy of the team's allows: no other organisation's channel is heard, and nobody but the database speaks on one.
  drop policy if exists sync_hear_no_other on realtime.messages;
  create policy sync_hear_no_other on realtime.messages as restrictive for select to authenticated
    using (not starts_with(topic, 'sync:') or sync.may_hear(topic));
  drop policy if exists sync_hear_signed_in on realtime.messages;
  create policy sync_hear_signed_in on realtime.messages as restrictive for select to anon using (not starts_with(topic, 'sync:'));
  drop policy if exists sync_never_speak on realtime.messages;
  create policy sync_never_speak on realtime.messages as restrictive for insert to anon, authenticated with check (not starts_with(topic, 'sync:'));
end
$$;

do $$
begin
  if to_regclass('realtime.messages') is not null then
    call sync.open_realtime();
  end if;
exception when insufficient_privilege or object_not_in_prerequisite_state then
  raise warning 'Browsers will not be told of changes at once, and ask for them: %. Call sync.open_realtime() as a role that may create policies on realtime.messages.', sqlerrm;
end
$$;

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090000', 'oldestCode', '20261129090000');
call sync.close_inside();
