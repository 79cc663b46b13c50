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
