-- Made by scripts/makeMigrations.mjs from sql/; change it there. Seal: 48b7d230ad9ef9925468e725a75049017d5c9d695afbaee05670e8d8879f0284

-- sql/modules/sms/settings.sql

-- Durations of the SMS module live here and nowhere else.
create table sync.sms_settings (
  only_row boolean primary key default true constraint sms_settings_one_row check (only_row),
  -- After the attempt whose fate is unknown, when to look for its message in the carrier's list.
  listing_delays interval[] not null default array[interval '20 seconds', interval '60 seconds', interval '5 minutes'],
  -- After the carrier took an SMS, when to ask what became of it, should nobody have told; then as often as `ask_every`, for
  -- as long as `ask_for`.
  ask_delays interval[] not null default array[interval '1 minute', interval '5 minutes', interval '30 minutes'],
  ask_every interval not null default interval '1 hour',
  ask_for interval not null default interval '1 day',
  -- The same text to the same number of the same lead is one SMS for this long after its acceptance. Mirrors
  -- LIMITS.duplicateSmsWindowMs of the contracts.
  same_words interval not null default interval '60 seconds',
  -- Less left than this is not worth handing to the carrier.
  least_validity interval not null default interval '5 seconds',
  -- Longest time a caller of an SMS on its way is told to wait.
  longest_retry interval not null default interval '30 seconds',
  -- Nothing is due any more: only a late callback or a person can change the row.
  given_up_retry interval not null default interval '5 minutes'
);
insert into sync.sms_settings default values;

insert into sync.error_codes (code, status, retryable, text) values
  ('PHONE_INVALID', 422, false, 'This lead has no phone number that can receive SMS. Correct the number first.'),
  ('OPTED_OUT', 422, false, 'This person asked not to get SMS any more (STOP). Nothing was sent.'),
  ('SMS_REJECTED', 422, false, 'The SMS was rejected by the carrier and was not sent.'),
  ('CIRCUIT_BREAKER_OPEN', 503, true, 'SMS service temporarily unavailable');
update sync.error_codes set extra = '{"retrying": true}' where code = 'CIRCUIT_BREAKER_OPEN';

-- sql/modules/sms/messages.sql

-- One of the tables clients see, as packages/contracts/src/rows describes it. In the internal schema: browsers read it
-- through the API alone.

create table sync.sms_messages (
  id text collate "C" primary key constraint sms_messages_id_length check (length(id) between 1 and 128),
  org_id text collate "C" not null,
  -- As text, whatever the team's table of leads has; when the lead is deleted, a trigger below follows.
  lead_id text collate "C" not null,
  message text not null,
  template_id text,
  -- Decisions read `state`; readers see `status`, which a trigger derives from it.
  state text not null default 'pending' constraint sms_messages_state check (state in (
    'pending', 'sending', 'accepted', 'sent', 'delivered', 'undelivered', 'failed', 'indeterminate', 'expired', 'cancelled')),
  status text not null default 'pending',
  error_code integer,
  error_message text,
  sent_at timestamptz,
  created_at timestamptz not null default now()
) with (fillfactor = 80);
create index sms_messages_by_org on sync.sms_messages (org_id, id);
create index sms_messages_by_lead on sync.sms_messages (lead_id, created_at desc);

-- BEFORE INSERT OR UPDATE on sms_messages: what readers see until the carrier reports.
create function sync.derive_sms_status() returns trigger
language plpgsql
as $$
begin
  new.status := case when new.state in ('pending', 'sending', 'accepted') then 'pending' else new.state end;
  return new;
end
$$;
create trigger a_derive_sms_status before insert or update on sync.sms_messages
  for each row execute function sync.derive_sms_status();

call sync.track_table('sync.sms_messages', p_columns => '{lead_id,message,template_id,state,status,error_code,error_message,sent_at,created_at}');

-- AFTER a lead is deleted: what was sent to it goes with it, numbers included, and what was not sent yet never is. That
-- somebody said STOP stays known.
create function sync.delete_sms_of_leads() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  -- Asked first: this deletes rows of a tracked table too, whose end comes here in turn.
  if exists (select from gone g where g.table_name = 'leads') then
    delete from sync.sms_messages m using gone g where g.table_name = 'leads' and m.lead_id = g.pk;
  end if;
  return null;
end
$$;
create trigger delete_sms_of_new after insert on sync.tombstones referencing new table as gone
  for each statement execute function sync.delete_sms_of_leads();
create trigger delete_sms_of_known after update on sync.tombstones referencing new table as gone
  for each statement execute function sync.delete_sms_of_leads();

-- sql/modules/sms/dispatch.sql

-- What the SMS dispatcher knows beside the row clients see: who owns the attempt, where it stands
-- with the carrier. Apart from sms_messages, because that one is published.

create table sync.sms_dispatch (
  sms_id text collate "C" primary key references sync.sms_messages (id) on delete cascade,
  org_id text collate "C" not null,
  -- Frozen at the click: a later correction of the lead's phone does not redirect a message under way.
  to_number text not null,
  -- Of the click that made it; others may have joined it (sync.sms_clicks).
  mutation_key text not null,
  actor text not null,
  -- Its place in a trace (W3C traceparent), so that attempts later on belong to it too. Null: nothing was traced.
  traceparent text,
  -- The latest of its clicks'.
  deadline_at timestamptz not null,
  attempt integer not null default 0,
  -- When something is to be done next: send, take over after a lost lease, list. Null: nothing.
  due_at timestamptz,
  lease_token text,
  attempted_at timestamptz,
  -- Listings finished since the attempt, and whether the one more send was used.
  listings integer not null default 0,
  resent boolean not null default false,
  sid text unique,
  -- When the carrier is asked what became of it, unless it tells before, and how often it was asked. Null: no more.
  ask_at timestamptz,
  asked integer not null default 0,
  last_reason text,
  created_at timestamptz not null default now()
);
create index sms_dispatch_due on sync.sms_dispatch (due_at) where due_at is not null;
create index sms_dispatch_ask on sync.sms_dispatch (ask_at) where ask_at is not null;
create index sms_dispatch_without_sid on sync.sms_dispatch (to_number) where sid is null;
create index sms_dispatch_created_at on sync.sms_dispatch (created_at);

-- The clicks an SMS is for: the one that made it (whose id is the SMS's own) and those that meant the same. What the ledger's
-- `ref` of sms.send names.
create table sync.sms_clicks (
  id text collate "C" primary key,
  sms_id text collate "C" not null references sync.sms_dispatch (sms_id) on delete cascade,
  deadline_at timestamptz not null,
  -- This person does not want it any more. It counts where the SMS was certainly not handed over.
  withdrawn boolean not null default false
);
create index sms_clicks_by_sms on sync.sms_clicks (sms_id);

-- Where two sends of the same words meet: the newest SMS with this text to this number of this lead.
create table sync.sms_gates (
  org_id text collate "C" not null,
  lead_id text collate "C" not null,
  to_number text not null,
  text_hash bytea not null,
  sms_id text collate "C" not null,
  taken_at timestamptz not null default now(),
  primary key (org_id, lead_id, to_number, text_hash)
);
create index sms_gates_taken_at on sync.sms_gates (taken_at);

-- Sids the carrier reported for a row that already had another: sent twice. Kept so that no listing claims them.
create table sync.sms_extra_sids (
  sid text primary key,
  sms_id text collate "C" not null references sync.sms_messages (id) on delete cascade,
  attempt integer not null,
  seen_at timestamptz not null default now()
);

-- Numbers that said STOP (or were seen once, opted_out = false): the row a send and a STOP both lock.
create table sync.opt_outs (
  phone text primary key,
  opted_out boolean not null,
  changed_at timestamptz not null default now()
);

create function sync.delete_old_sms_dispatch(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.sms_dispatch d using (
    select o.sms_id from sync.sms_dispatch o, sync.settings s
    where o.created_at < now() - s.ledger_retention - interval '1 day' and o.due_at is null
    order by o.created_at
    limit p_batch
    for update of o skip locked
  ) old
  where d.sms_id = old.sms_id;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;

create function sync.delete_old_sms_gates(p_batch integer) returns integer
language plpgsql volatile
as $$
declare
  v_deleted integer;
begin
  delete from sync.sms_gates g using (
    select o.org_id, o.lead_id, o.to_number, o.text_hash from sync.sms_gates o, sync.settings s
    where o.taken_at < now() - s.ledger_retention - interval '1 day'
    order by o.taken_at
    limit p_batch
    for update of o skip locked
  ) old
  where g.org_id = old.org_id and g.lead_id = old.lead_id and g.to_number = old.to_number and g.text_hash = old.text_hash;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;

-- sql/modules/sms/steps.sql

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

-- sql/modules/sms/look_up.sql

-- Asking the carrier what became of an SMS that it took and nobody has told the end of: status callbacks hardly come twice.

-- When to ask after `p_asked` times; null: it had its time. `p_since`: when the carrier took it. After a pause nobody asks twice
-- in a row for having missed two of the times.
create function sync.sms_ask_due(p_since timestamptz, p_asked integer) returns timestamptz
language sql stable
return (
  select case
    when p_asked < cardinality(s.ask_delays) then greatest(p_since + s.ask_delays[p_asked + 1], now() + s.ask_delays[1])
    when now() + s.ask_every <= p_since + s.ask_for then now() + s.ask_every end
  from sync.sms_settings s);

-- Claims what is due to be asked for, what waits longest first. Whoever cannot ask leaves it to the next one after the lease.
create function sync.claim_unreported_sms(p_lease_ms bigint, p_limit integer) returns table (id text, sid text)
language plpgsql volatile
as $$
begin
  perform sync.limit_waits();
  return query
    update sync.sms_dispatch d
    set ask_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    from (
      select o.sms_id from sync.sms_dispatch o where o.ask_at <= now() order by o.ask_at limit p_limit for update skip locked
    ) due
    where d.sms_id = due.sms_id
    returning d.sms_id, d.sid;
end
$$;

-- SMS by what they wait for, and how long the oldest has: to be sent, under way, found, or reported on by the carrier.
create function sync.sms_backlog() returns table (state text, messages integer, oldest_seconds double precision)
language sql stable
as $$
  select s.state, count(w.since)::integer, coalesce(extract(epoch from now() - min(w.since)), 0)::double precision
  from unnest(array['pending', 'sending', 'indeterminate', 'unreported']) s (state)
  left join (
    select m.state, m.created_at from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.sid is null and m.state in ('pending', 'sending', 'indeterminate')
    union all
    select 'unreported', m.sent_at from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id where d.ask_at is not null
  ) w (state, since) on w.state = s.state
  group by s.state;
$$;

-- Takes over what the carrier says of a message; a null status: it does not know it. Result and locks: those of
-- apply_sms_status.
create function sync.take_looked_up_sms(p_sms_id text, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
declare
  v_result text := 'ignored';
begin
  if p_status is not null then
    perform set_config('sync.sms_told_by', 'question', true);
    v_result := sync.apply_sms_status(p_sms_id, null, p_sid, p_status, p_error_code);
  end if;
  -- Unless it has reached its end, which is why nobody asks any more.
  update sync.sms_dispatch d
  set asked = d.asked + 1, ask_at = sync.sms_ask_due(m.sent_at, d.asked + 1)
  from sync.sms_messages m
  where d.sms_id = p_sms_id and m.id = p_sms_id and d.ask_at is not null;
  return v_result;
end
$$;

-- sql/modules/sms/outcome.sql

-- The row with the names the integration guide uses.
create function sync.sms_view(p_row sync.sms_messages) returns jsonb
language sql stable
return sync.row_json(p_row) || jsonb_build_object(
  'leadId', p_row.lead_id, 'sentAt', sync.instant(coalesce(p_row.sent_at, p_row.created_at)));

-- Every listing was in vain, a person decides; also while it is still looked at whether the messages that stand in the way
-- are somebody else's.
create function sync.is_sms_left_to_person(p_sms sync.sms_messages, p_dispatch sync.sms_dispatch) returns boolean
language sql stable
return p_sms.state = 'indeterminate'
  and (p_dispatch.due_at is null or p_dispatch.listings >= (select cardinality(s.listing_delays) from sync.sms_settings s));

-- Milliseconds until an SMS without a final outcome is worth asking about. While it waits: when it is due,
-- or a tenth of its age. While nobody knows its fate: half the time since the attempt (a callback
-- usually comes at once), at the latest when a listing is due.
create function sync.sms_retry_ms(p_sms sync.sms_messages) returns integer
language sql stable
return (
  select (extract(epoch from case
    when sync.is_sms_left_to_person(p_sms, d) then greatest(e.retry_after, least(s.given_up_retry, d.due_at - now()))
    else greatest(e.retry_after, least(s.longest_retry, case p_sms.state
      when 'pending' then greatest(d.due_at - now(), (now() - d.created_at) / 10)
      when 'indeterminate' then least(d.due_at - now(), (now() - d.attempted_at) / 2)
      else e.retry_after end))
    end) * 1000)::integer
  from sync.sms_dispatch d, sync.sms_settings s, sync.settings e
  where d.sms_id = p_sms.id);

-- Where the SMS of a click stands, as that click's answer. Final outcomes have a ledger-worthy status; 202 means: not yet,
-- and says when to ask again. A click that joined another's SMS is told so, and whose it is.
create function sync.sms_outcome(p_click_id text) returns sync.outcome
language plpgsql stable
as $$
declare
  v_click sync.sms_clicks;
  v_dispatch sync.sms_dispatch;
  v_sms sync.sms_messages;
  v_answer jsonb;
begin
  select * into v_click from sync.sms_clicks c where c.id = p_click_id;
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = v_click.sms_id;
  select * into v_sms from sync.sms_messages m where m.id = v_click.sms_id;
  if not found then
    -- Its lead was deleted, and the history with it.
    return sync.reject('OUTCOME_UNKNOWN');
  end if;
  v_answer := jsonb_build_object('sms', sync.sms_view(v_sms));
  if v_click.id <> v_click.sms_id then
    v_answer := v_answer || jsonb_build_object('duplicate', true, 'sentBy', v_dispatch.actor);
  end if;
  case
    when v_sms.state in ('accepted', 'sent', 'delivered', 'undelivered') then
      return row(200, (jsonb_build_object('success', true) || v_answer)::text, v_sms.id)::sync.outcome;
    when v_sms.state = 'failed' and v_sms.error_code = 21610 then
      return sync.reject('OPTED_OUT', v_answer);
    when v_sms.state = 'failed' then
      return sync.reject('SMS_REJECTED', v_answer || jsonb_strip_nulls(jsonb_build_object(
        'error', 'The SMS was rejected by the carrier and was not sent: ' || v_sms.error_message)));
    when v_sms.state = 'expired' then
      return sync.reject('ACTION_EXPIRED', v_answer);
    when v_sms.state = 'cancelled' or (v_sms.state = 'pending' and v_click.withdrawn) then
      -- Of one that is still pending, others want it sent.
      return sync.reject('ACTION_ABANDONED', v_answer);
    else
      return row(202, (jsonb_build_object('success', true, 'retryAfterMs', sync.sms_retry_ms(v_sms)) || v_answer
        || case when sync.is_sms_left_to_person(v_sms, v_dispatch) then '{"code": "OUTCOME_UNKNOWN"}'::jsonb else '{}' end)::text,
        v_sms.id)::sync.outcome;
  end case;
end
$$;

-- sql/modules/sms/clicks.sql

-- Which SMS a click is about, and whether anybody still wants it.

-- True while a repetition of its words means this SMS: until the carrier took it, and a while after. One that certainly did not
-- arrive is no reason not to send. Volatile, so that it sees what was committed while its caller waited for the gate.
create function sync.does_sms_count(p_sms_id text) returns boolean
language plpgsql volatile
as $$
begin
  return exists (
    select from sync.sms_messages m, sync.sms_settings s
    where m.id = p_sms_id and m.state not in ('failed', 'expired', 'cancelled')
      and (m.state not in ('accepted', 'sent', 'delivered', 'undelivered') or m.sent_at > now() - s.same_words));
end
$$;

-- The SMS that a click with these words is about: the one that stands at their gate, else its own, which then stands there.
-- Whoever comes at the same moment waits here; where the first one rolls back, the next one has it.
-- Locks: the gate, then the dispatch row of the SMS that stands there.
create function sync.pass_sms_gate(p_sms_id text, p_org_id text, p_lead_id text, p_to_number text, p_message text, p_again boolean) returns text
language plpgsql volatile
as $$
declare
  v_hash bytea := sha256(convert_to(p_message, 'UTF8'));
  v_standing text;
begin
  insert into sync.sms_gates as g (org_id, lead_id, to_number, text_hash, sms_id)
  values (p_org_id, p_lead_id, p_to_number, v_hash, p_sms_id)
  on conflict (org_id, lead_id, to_number, text_hash) do update set sms_id = excluded.sms_id, taken_at = now()
  where not sync.does_sms_count(g.sms_id);
  if found then
    return p_sms_id;
  end if;
  -- The insert has locked the gate, also where it did not take it.
  select g.sms_id into strict v_standing from sync.sms_gates g
  where g.org_id = p_org_id and g.lead_id = p_lead_id and g.to_number = p_to_number and g.text_hash = v_hash;
  perform from sync.sms_dispatch d where d.sms_id = v_standing for update;
  if not p_again and sync.does_sms_count(v_standing) then
    return v_standing;
  end if;
  -- A person sends what may have been lost once more: then nothing else does.
  update sync.sms_dispatch d set resent = true
  from sync.sms_messages m
  where d.sms_id = v_standing and m.id = v_standing and m.state in ('sending', 'indeterminate');
  update sync.sms_gates g set sms_id = p_sms_id, taken_at = now()
  where g.org_id = p_org_id and g.lead_id = p_lead_id and g.to_number = p_to_number and g.text_hash = v_hash;
  return p_sms_id;
end
$$;

-- Where an SMS that was certainly not handed over stands: pending for those who still want it, until the latest of their
-- deadlines, else cancelled. Callers hold its dispatch row. True: somebody wants it.
create function sync.settle_unsent_sms(p_sms_id text) returns boolean
language plpgsql volatile
as $$
declare
  v_deadline timestamptz;
begin
  select max(c.deadline_at) into v_deadline from sync.sms_clicks c where c.sms_id = p_sms_id and not c.withdrawn;
  if v_deadline is null then
    perform sync.set_sms_state(p_sms_id, 'cancelled');
    update sync.sms_dispatch d set due_at = null, lease_token = null where d.sms_id = p_sms_id;
    return false;
  end if;
  update sync.sms_dispatch d set deadline_at = v_deadline where d.sms_id = p_sms_id and d.deadline_at <> v_deadline;
  perform sync.set_sms_state(p_sms_id, 'pending') from sync.sms_messages m where m.id = p_sms_id and m.state <> 'pending';
  return true;
end
$$;

-- Withdraws one click; the SMS is cancelled with the last of them. One that is being handed over, or of which nobody knows
-- whether it was, is not sent again for it. Locks: the dispatch row, the message row.
create function sync.cancel_sms(p_click_id text) returns void
language plpgsql volatile
as $$
declare
  v_sms_id text;
  v_state text;
begin
  select c.sms_id into v_sms_id from sync.sms_clicks c where c.id = p_click_id;
  perform from sync.sms_dispatch d where d.sms_id = v_sms_id for update;
  select m.state into v_state from sync.sms_messages m where m.id = v_sms_id;
  if v_state not in ('pending', 'sending', 'indeterminate') then
    return;
  end if;
  update sync.sms_clicks c set withdrawn = true where c.id = p_click_id;
  if v_state = 'pending' then
    perform sync.settle_unsent_sms(v_sms_id);
  end if;
end
$$;

-- sql/modules/sms/send_sms.sql

-- The id of a click, and of the SMS it makes: the same click can never make two. Lengths keep "a"+"bc" apart from "ab"+"c".
create function sync.sms_id(p_call sync.action_call) returns text
language sql immutable
return 'sms-' || left(encode(sha256(convert_to(
  length(p_call.tenant) || ':' || p_call.tenant || length(p_call.actor) || ':' || p_call.actor || p_call.key, 'UTF8')), 'hex'), 32);

-- sms.send: takes the SMS over. The request carries `phone` (as the service read it) and `to` (its E.164
-- form, null when no SMS can reach it), and `traceparent`. Whoever reads the row afterwards owns the sending. `again` says
-- that the same words are meant once more.
create function sync.send_sms(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_lead record;
  v_id text := sync.sms_id(p_call);
  v_sms_id text;
  v_outcome sync.outcome;
  v_deadline timestamptz := now() + make_interval(secs => p_call.ttl_left_ms / 1000.0);
begin
  -- Held: a deletion at the same moment would not see this SMS, and leave it behind.
  select * into v_lead from sync.find_lead(p_call.tenant, p_request ->> 'leadId', p_hold => true);
  if v_lead.id is null then
    perform sync.refuse('NOT_FOUND');
  end if;
  if v_lead.phone is distinct from p_request ->> 'phone' then
    -- It was corrected between the service's look and this one: come again with the new number.
    perform sync.refuse('ROW_BUSY');
  end if;
  if p_request ->> 'to' is null then
    return sync.reject('PHONE_INVALID');
  end if;
  if exists (select from sync.opt_outs o where o.phone = p_request ->> 'to' and o.opted_out) then
    return sync.reject('OPTED_OUT');
  end if;
  if exists (select from sync.sms_clicks c where c.id = v_id) or exists (select from sync.sms_messages m where m.id = v_id) then
    -- The ledger forgot this click, the message did not: it must not go out twice.
    perform sync.refuse('OUTCOME_UNKNOWN');
  end if;
  v_sms_id := sync.pass_sms_gate(v_id, p_call.tenant, v_lead.id, p_request ->> 'to', p_request ->> 'message',
    coalesce((p_request ->> 'again')::boolean, false));
  if v_sms_id = v_id then
    insert into sync.sms_messages (id, org_id, lead_id, message, template_id)
    values (v_id, p_call.tenant, v_lead.id, p_request ->> 'message', p_request ->> 'templateId');
    insert into sync.sms_dispatch (sms_id, org_id, to_number, mutation_key, actor, traceparent, deadline_at, due_at)
    values (v_id, p_call.tenant, p_request ->> 'to', p_call.key, p_call.actor, p_request ->> 'traceparent', v_deadline, now());
    insert into sync.sms_clicks (id, sms_id, deadline_at) values (v_id, v_id, v_deadline);
    return row(null, null, v_id)::sync.outcome;
  end if;
  update sync.sms_dispatch d set deadline_at = v_deadline where d.sms_id = v_sms_id and d.deadline_at < v_deadline;
  insert into sync.sms_clicks (id, sms_id, deadline_at) values (v_id, v_sms_id, v_deadline);
  v_outcome := sync.sms_outcome(v_id);
  -- What it joined may be on its way already: then this is its final answer.
  return case when v_outcome.status = 202 then row(null, null, v_id)::sync.outcome else v_outcome end;
end
$$;

call sync.make_action('send_sms', p_outcome_of => 'sms_outcome', p_cancel => 'cancel_sms');

-- sql/modules/sms/attempts.sql

-- What the SMS dispatcher may do, one function per verb (port: apps/api/src/modules/sms/SmsOutbox.ts). Each is
-- one transaction. Locks, always in this order: dispatch row, number's opt-out row, message row.

-- Moves a message on. The only writer of `state` after the insert.
create function sync.set_sms_state(
  p_sms_id text, p_state text, p_error_code integer default null, p_error_message text default null) returns void
language sql volatile
as $$
  update sync.sms_messages m
  set state = p_state, error_code = p_error_code, error_message = p_error_message,
    sent_at = case when p_state in ('accepted', 'sent', 'delivered', 'undelivered') then coalesce(m.sent_at, now()) else m.sent_at end
  where m.id = p_sms_id;
$$;

-- Claims due pending messages (or the one given, if due): writes the intent before anything is sent.
-- Skips what another dispatcher holds, ends what may not be sent any more.
create function sync.claim_due_sms(p_sms_id text, p_lease_ms bigint, p_limit integer)
returns table (id text, tenant text, to_number text, message text, attempt integer, lease_token text, validity_seconds integer, traceparent text)
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_sms sync.sms_messages;
  v_opted_out boolean;
  v_left interval;
  v_least interval := (select s.least_validity from sync.sms_settings s);
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'pending' and (p_sms_id is null or d.sms_id = p_sms_id)
    order by d.due_at
    limit p_limit
    for update of d skip locked
  loop
    -- With the dispatch row locked the state cannot move; what the query above read may be older.
    select * into v_sms from sync.sms_messages m where m.id = v_dispatch.sms_id;
    continue when v_sms.state <> 'pending';
    insert into sync.opt_outs (phone, opted_out) values (v_dispatch.to_number, false) on conflict do nothing;
    -- A STOP being written at this moment is waited out by trying again later.
    select o.opted_out into v_opted_out from sync.opt_outs o where o.phone = v_dispatch.to_number for share skip locked;
    continue when not found;
    v_left := v_dispatch.deadline_at - now();
    if v_opted_out then
      perform sync.set_sms_state(v_sms.id, 'failed', 21610, 'This person asked not to get SMS any more (STOP).');
      update sync.sms_dispatch d set due_at = null where d.sms_id = v_sms.id;
      continue;
    end if;
    if v_left < v_least then
      perform sync.set_sms_state(v_sms.id, 'expired');
      update sync.sms_dispatch d set due_at = null where d.sms_id = v_sms.id;
      continue;
    end if;
    perform sync.set_sms_state(v_sms.id, 'sending');
    update sync.sms_dispatch d
    set attempt = d.attempt + 1, attempted_at = now(), lease_token = gen_random_uuid()::text, listings = 0,
      due_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.sms_id = v_sms.id
    returning d.* into v_dispatch;
    return query select v_sms.id, v_sms.org_id, v_dispatch.to_number, v_sms.message, v_dispatch.attempt, v_dispatch.lease_token,
      floor(extract(epoch from v_left))::integer, v_dispatch.traceparent;
  end loop;
end
$$;

-- Locks the dispatch row of a lease; false when the lease is lost or the message is in none of these states.
create function sync.holds_sms(p_sms_id text, p_attempt integer, p_lease_token text, p_states text[]) returns boolean
language plpgsql volatile
as $$
begin
  perform sync.limit_waits();
  perform from sync.sms_dispatch d
  where d.sms_id = p_sms_id and d.attempt = p_attempt and d.lease_token = p_lease_token
  for update;
  return found and exists (select from sync.sms_messages m where m.id = p_sms_id and m.state = any (p_states));
end
$$;

-- The carrier took it. True whoever holds the lease by now, as long as this is the last attempt: what is
-- known ends the search for it and any plan to send again.
create function sync.mark_sms_accepted(p_sms_id text, p_attempt integer, p_sid text) returns boolean
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
begin
  perform sync.limit_waits();
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id for update;
  if not found then
    return false;
  end if;
  if v_dispatch.sid is null and v_dispatch.attempt = p_attempt then
    if exists (select from sync.sms_dispatch o where o.sid = p_sid) then
      -- A listing took it for the same words of another click; that one has it.
      return false;
    end if;
    update sync.sms_dispatch d
    set sid = p_sid, due_at = null, lease_token = null, ask_at = sync.sms_ask_due(now(), 0)
    where d.sms_id = p_sms_id;
    perform sync.set_sms_state(p_sms_id, 'accepted');
    return true;
  end if;
  if v_dispatch.sid = p_sid then
    -- A callback was faster and told more.
    return true;
  end if;
  insert into sync.sms_extra_sids (sid, sms_id, attempt) values (p_sid, p_sms_id, p_attempt) on conflict do nothing;
  return false;
end
$$;

-- Records STOP (true) or START (false). Waits for a send to this number that is being decided.
create function sync.set_opt_out(p_phone text, p_opted_out boolean) returns void
language sql volatile
as $$
  insert into sync.opt_outs (phone, opted_out) values (p_phone, p_opted_out)
  on conflict (phone) do update set opted_out = excluded.opted_out, changed_at = now();
$$;

create function sync.mark_sms_failed(
  p_sms_id text, p_attempt integer, p_lease_token text, p_error_code integer, p_reason text, p_opted_out boolean) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{sending}') then
    return false;
  end if;
  update sync.sms_dispatch d set due_at = null, lease_token = null, last_reason = p_reason where d.sms_id = p_sms_id;
  if p_opted_out then
    perform sync.set_opt_out((select d.to_number from sync.sms_dispatch d where d.sms_id = p_sms_id), true);
  end if;
  perform sync.set_sms_state(p_sms_id, 'failed', p_error_code, p_reason);
  return true;
end
$$;

-- The carrier certainly did not take it: back to pending, if anybody still wants it.
create function sync.postpone_sms(p_sms_id text, p_attempt integer, p_lease_token text, p_retry_after_ms bigint, p_reason text) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{sending}') then
    return false;
  end if;
  update sync.sms_dispatch d
  set due_at = now() + make_interval(secs => p_retry_after_ms / 1000.0), lease_token = null, last_reason = p_reason
  where d.sms_id = p_sms_id;
  perform sync.settle_unsent_sms(p_sms_id);
  return true;
end
$$;

-- sql/modules/sms/reconcile.sql

-- Finding out what became of an attempt whose answer was lost.

-- When the listing that follows `p_done` finished ones is due; null after the last.
create function sync.sms_listing_due(p_attempted_at timestamptz, p_done integer) returns timestamptz
language sql stable
return (select p_attempted_at + s.listing_delays[p_done + 1] from sync.sms_settings s);

create function sync.mark_sms_indeterminate(p_sms_id text, p_attempt integer, p_lease_token text, p_reason text) returns boolean
language plpgsql volatile
as $$
begin
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{sending}') then
    return false;
  end if;
  -- The token stays: an answer that arrives after all is still this attempt's.
  update sync.sms_dispatch d
  set due_at = sync.sms_listing_due(d.attempted_at, 0), listings = 0, last_reason = p_reason
  where d.sms_id = p_sms_id;
  perform sync.set_sms_state(p_sms_id, 'indeterminate');
  return true;
end
$$;

-- A dispatcher that died in `sending` may have sent: nobody knows.
create function sync.expire_sms_leases() returns integer
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_count integer := 0;
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'sending'
    for update of d skip locked
  loop
    continue when not exists (select from sync.sms_messages m where m.id = v_dispatch.sms_id and m.state = 'sending');
    update sync.sms_dispatch d
    set due_at = sync.sms_listing_due(d.attempted_at, 0), listings = 0, last_reason = 'The sender died before it learned the answer.'
    where d.sms_id = v_dispatch.sms_id;
    perform sync.set_sms_state(v_dispatch.sms_id, 'indeterminate');
    v_count := v_count + 1;
  end loop;
  return v_count;
end
$$;

-- Claims indeterminate messages that are due for a look into the carrier's list.
create function sync.claim_indeterminate_sms(p_lease_ms bigint, p_limit integer)
returns table (id text, to_number text, message text, attempt integer, lease_token text, attempted_at timestamptz, listing integer)
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
begin
  perform sync.limit_waits();
  for v_dispatch in
    select d.* from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.due_at <= now() and m.state = 'indeterminate'
    order by d.due_at
    limit p_limit
    for update of d skip locked
  loop
    continue when not exists (select from sync.sms_messages m where m.id = v_dispatch.sms_id and m.state = 'indeterminate');
    update sync.sms_dispatch d
    set lease_token = gen_random_uuid()::text, due_at = now() + make_interval(secs => p_lease_ms / 1000.0)
    where d.sms_id = v_dispatch.sms_id
    returning d.* into v_dispatch;
    return query
      select m.id, v_dispatch.to_number, m.message, v_dispatch.attempt, v_dispatch.lease_token, v_dispatch.attempted_at, v_dispatch.listings + 1
      from sync.sms_messages m where m.id = v_dispatch.sms_id;
  end loop;
end
$$;

-- The carrier's list has the message: what it says of it is taken whole and at once, or a reader in between would be told
-- "sent", for good, of what never arrived. Whoever holds the lease by now, as mark_sms_accepted. Result and locks: those of
-- apply_sms_status.
create function sync.take_listed_sms(p_sms_id text, p_attempt integer, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
begin
  -- Also a status that means nothing to us says that it was accepted.
  perform set_config('sync.sms_told_by', 'listing', true), sync.mark_sms_accepted(p_sms_id, p_attempt, p_sid);
  return sync.apply_sms_status(p_sms_id, p_attempt, p_sid, p_status, p_error_code);
end
$$;

-- Decides after a listing that did not have the message: 'nothing-yet' (another listing follows), 'send-once-more', 'cancelled'
-- (nobody wants it any more, and it was not sent), 'left-to-person', or 'lost' (with the lease).
-- `p_others`: messages to this number were listed that nobody has claimed, so that one of them may be it in another form. That
-- is a person's to decide; but each of them may turn out to be somebody else's, so as long as it may still be sent, it is
-- looked again, ever more rarely.
create function sync.end_sms_listing(p_sms_id text, p_attempt integer, p_lease_token text, p_others boolean) returns text
language plpgsql volatile
as $$
declare
  v_settings sync.sms_settings;
  v_dispatch sync.sms_dispatch;
  v_due timestamptz;
  v_last_moment timestamptz;
  v_is_wanted boolean;
begin
  select * into strict v_settings from sync.sms_settings;
  if not sync.holds_sms(p_sms_id, p_attempt, p_lease_token, '{indeterminate}') then
    return 'lost';
  end if;
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id;
  v_due := sync.sms_listing_due(v_dispatch.attempted_at, v_dispatch.listings + 1);
  update sync.sms_dispatch d set listings = d.listings + 1, due_at = v_due where d.sms_id = p_sms_id;
  if v_due is not null then
    return 'nothing-yet';
  end if;
  v_is_wanted := exists (select from sync.sms_clicks c where c.sms_id = p_sms_id and not c.withdrawn);
  v_last_moment := v_dispatch.deadline_at - v_settings.least_validity;
  if v_is_wanted and (v_dispatch.resent or now() > v_last_moment) then
    return 'left-to-person';
  end if;
  if p_others then
    v_due := now() + (now() - v_dispatch.attempted_at) / 2;
    update sync.sms_dispatch d set due_at = v_due where d.sms_id = p_sms_id and v_due < v_last_moment;
    return 'left-to-person';
  end if;
  if not sync.settle_unsent_sms(p_sms_id) then
    return 'cancelled';
  end if;
  update sync.sms_dispatch d set resent = true, due_at = now(), lease_token = null where d.sms_id = p_sms_id;
  return 'send-once-more';
end
$$;

-- True when a listed message is certainly not this SMS: another one has its sid, or another one to this number, of which
-- nobody knows either whether it was sent, has exactly its text.
create function sync.is_listed_sms_anothers(p_sms_id text, p_to_number text, p_sid text, p_body text) returns boolean
language sql stable
return exists (select from sync.sms_dispatch d where d.sid = p_sid)
  or exists (select from sync.sms_extra_sids x where x.sid = p_sid)
  or exists (
    select from sync.sms_dispatch d join sync.sms_messages m on m.id = d.sms_id
    where d.to_number = p_to_number and d.sid is null and d.sms_id <> p_sms_id
      and m.state in ('sending', 'indeterminate') and m.message = p_body
      and p_body <> (select own.message from sync.sms_messages own where own.id = p_sms_id));

-- sql/modules/sms/status.sql

-- What the carrier reports.

-- How far a message is; statuses of the carrier move it forward only.
create function sync.sms_rank(p_state text) returns integer
language sql immutable parallel safe
return case
  when p_state = 'accepted' then 1
  when p_state = 'sent' then 2
  when p_state in ('delivered', 'undelivered', 'failed') then 3
  else 0 end;

-- The carrier's word for a status as a state of ours; null when it means nothing to us.
create function sync.sms_state_of(p_status text) returns text
language sql immutable parallel safe
return case
  when p_status in ('queued', 'accepted', 'scheduled', 'sending') then 'accepted'
  when p_status in ('sent', 'delivered', 'undelivered', 'failed') then p_status
  when p_status = 'read' then 'delivered'
  when p_status = 'canceled' then 'failed' end;

-- Applies what the carrier says of a sid: 'applied', 'ignored' (nothing new), 'unknown' (no such message), or
-- 'second-sid' (the message went out twice, or after it was given up: someone must look).
-- It is about the message that has this sid, whoever is named: where two clicks had the same words, a listing may have given
-- it to the other one.
create function sync.apply_sms_status(p_sms_id text, p_attempt integer, p_sid text, p_status text, p_error_code integer) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
  v_sms sync.sms_messages;
  v_state text := sync.sms_state_of(p_status);
  v_alert boolean;
begin
  perform sync.limit_waits(),
    set_config('sync.sms_told_by', coalesce(nullif(current_setting('sync.sms_told_by', true), ''), 'callback'), true);
  select * into v_dispatch from sync.sms_dispatch d
  where d.sms_id = coalesce((select o.sms_id from sync.sms_dispatch o where o.sid = p_sid), p_sms_id)
  for update;
  if not found then
    return 'unknown';
  end if;
  if v_dispatch.sid <> p_sid then
    insert into sync.sms_extra_sids (sid, sms_id, attempt) values (p_sid, p_sms_id, p_attempt) on conflict do nothing;
    return 'second-sid';
  end if;
  select * into v_sms from sync.sms_messages m where m.id = v_dispatch.sms_id;
  -- Ended without a sid: nobody expected the carrier to know it. Or a second attempt is under way already.
  v_alert := v_dispatch.sid is null
    and (v_sms.state in ('failed', 'expired', 'cancelled') or (v_sms.state = 'sending' and p_attempt < v_dispatch.attempt));
  if v_dispatch.sid is null then
    update sync.sms_dispatch d
    set sid = p_sid, due_at = null, lease_token = null, ask_at = sync.sms_ask_due(now(), 0)
    where d.sms_id = v_dispatch.sms_id;
  end if;
  if v_state is null or sync.sms_rank(v_state) <= sync.sms_rank(v_sms.state) then
    return case when v_alert then 'second-sid' else 'ignored' end;
  end if;
  perform sync.set_sms_state(v_dispatch.sms_id, v_state, p_error_code,
    case when p_error_code is not null then 'The carrier reported error ' || p_error_code || '.' end);
  if sync.sms_rank(v_state) = 3 then
    update sync.sms_dispatch d set ask_at = null where d.sms_id = v_dispatch.sms_id;
  end if;
  return case when v_alert then 'second-sid' else 'applied' end;
end
$$;

-- sql/modules/sms/by_hand.sql

-- What a person may decide about one SMS: `org-api sms retry` and `org-api sms cancel`. Each tells in a word what became of it.
-- Locks: the dispatch row, the message row.

-- Locks an SMS that its organisation may decide about; null when there is none.
create function sync.hold_sms(p_sms_id text, p_tenant text) returns sync.sms_dispatch
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch;
begin
  perform sync.limit_waits();
  select * into v_dispatch from sync.sms_dispatch d where d.sms_id = p_sms_id and (p_tenant is null or d.org_id = p_tenant) for update;
  return v_dispatch;
end
$$;

-- Sends what waits now, and once more what nobody knows the fate of, where a person takes it upon them that it may arrive
-- twice. What has an end stays as it is: whoever clicked was told it, for good.
-- 'due', or why not: 'not-found', 'has-it' (the carrier), 'ended', 'under-way', 'looked-for' (it may still be found),
-- 'may-arrive-twice' (say that you mean it), 'not-wanted' (everybody withdrew it), 'too-late' (its time is over).
create function sync.retry_sms(p_sms_id text, p_tenant text, p_may_arrive_twice boolean) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch := sync.hold_sms(p_sms_id, p_tenant);
  v_sms sync.sms_messages;
  v_deadline timestamptz;
begin
  if v_dispatch.sms_id is null then
    return 'not-found';
  end if;
  select * into strict v_sms from sync.sms_messages m where m.id = p_sms_id;
  if v_sms.state in ('accepted', 'sent', 'delivered', 'undelivered') then
    return 'has-it';
  elsif v_sms.state in ('failed', 'expired', 'cancelled') then
    return 'ended';
  elsif v_sms.state = 'sending' then
    return 'under-way';
  end if;
  select max(c.deadline_at) into v_deadline from sync.sms_clicks c where c.sms_id = p_sms_id and not c.withdrawn;
  if v_deadline is null then
    return 'not-wanted';
  elsif v_deadline < now() + (select s.least_validity from sync.sms_settings s) then
    return 'too-late';
  end if;
  if v_sms.state = 'indeterminate' and not sync.is_sms_left_to_person(v_sms, v_dispatch) then
    return 'looked-for';
  elsif v_sms.state = 'indeterminate' and not p_may_arrive_twice then
    return 'may-arrive-twice';
  elsif v_sms.state = 'indeterminate' then
    -- Nothing else sends it after this.
    update sync.sms_dispatch d set resent = true, lease_token = null, last_reason = 'A person decided to send it once more.' where d.sms_id = p_sms_id;
    perform sync.settle_unsent_sms(p_sms_id);
  end if;
  update sync.sms_dispatch d set due_at = now() where d.sms_id = p_sms_id;
  return 'due';
end
$$;

-- Withdraws an SMS for everybody who clicked. 'cancelled'; 'not-again' (it may have gone out; nothing sends it again); or
-- 'not-found', 'has-it', 'ended'.
create function sync.withdraw_sms(p_sms_id text, p_tenant text) returns text
language plpgsql volatile
as $$
declare
  v_dispatch sync.sms_dispatch := sync.hold_sms(p_sms_id, p_tenant);
  v_state text;
begin
  if v_dispatch.sms_id is null then
    return 'not-found';
  end if;
  select m.state into strict v_state from sync.sms_messages m where m.id = p_sms_id;
  if v_state in ('accepted', 'sent', 'delivered', 'undelivered') then
    return 'has-it';
  elsif v_state in ('failed', 'expired', 'cancelled') then
    return 'ended';
  end if;
  update sync.sms_clicks c set withdrawn = true where c.sms_id = p_sms_id;
  if v_state <> 'pending' then
    return 'not-again';
  end if;
  perform sync.settle_unsent_sms(p_sms_id);
  return 'cancelled';
end
$$;

-- What stands here now, and the oldest code that may run on it: the newest version that code must know.
create or replace function sync.sms_schema_version() returns jsonb
language sql immutable
return jsonb_build_object('version', '20261129090300', 'oldestCode', '20261129090300');
call sync.close_inside();
