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
