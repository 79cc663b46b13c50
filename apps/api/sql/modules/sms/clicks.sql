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
