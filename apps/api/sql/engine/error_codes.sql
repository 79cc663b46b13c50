-- Every refusal, the same as ERROR_CODES of the contracts; a test holds the two equal. Modules add their own.

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
  ('RATE_LIMITED', 429, true, 'Too many requests in a short time. It will be tried again in a moment.'),
  ('INTERNAL', 500, true, 'Something went wrong on our side. It is safe to try again.'),
  ('STORE_UNAVAILABLE', 503, true, 'The database cannot be reached right now. It is safe to try again.'),
  ('OVERLOADED', 503, true, 'Too much is under way at once. It will be tried again in a moment.'),
  ('ROW_BUSY', 503, true, 'Someone else is changing this record right now. It will be tried again in a moment.');

-- The body of a refusal, as errorBody() of the contracts composes it.
create function sync.error_body(p_code text, p_extra jsonb default '{}') returns text
language sql stable
return (
  select (jsonb_build_object('success', false, 'error', e.text, 'code', e.code, 'retryable', e.retryable) || e.extra || p_extra)::text
  from sync.error_codes e
  where e.code = p_code);
