-- What happened to each SMS, in order, for whoever is asked about it later: messages and dispatch hold where it stands now.
-- Goes with its dispatch row.

create table sync.sms_steps (
  sms_id text collate "C" not null references sync.sms_dispatch (sms_id) on delete cascade,
  seq bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  attempt integer not null,
  from_state text not null,
  state text not null,
  error_code integer,
  reason text,
  -- How the carrier told it: a `callback`, or its answer to a `listing` or a `question` of ours. Null: it is our own doing, or
  -- the answer to the sending itself.
  told_by text,
  replica text default sync.replica(),
  primary key (sms_id, seq)
);

-- AFTER UPDATE of a message's state. `sending` is written before its attempt is counted.
create function sync.note_sms_step() returns trigger
language plpgsql
as $$
begin
  insert into sync.sms_steps (sms_id, attempt, from_state, state, error_code, reason, told_by)
  select new.id, case when new.state = 'sending' then d.attempt + 1 else d.attempt end, old.state, new.state, new.error_code,
    case when new.state in ('pending', 'indeterminate') then d.last_reason else new.error_message end,
    nullif(current_setting('sync.sms_told_by', true), '')
  from sync.sms_dispatch d where d.sms_id = new.id;
  return null;
end
$$;
create trigger note_sms_step after update of state on sync.sms_messages
  for each row when (old.state is distinct from new.state) execute function sync.note_sms_step();
