-- One of the tables clients see, as packages/contracts/src/rows describes it. In the internal schema: browsers read it
-- through the API alone.

create table sync.sms_messages (
  id text collate "C" primary key constraint sms_messages_id_length check (length(id) between 1 and 128),
  org_id text collate "C" not null,
  version bigint not null default 0,
  updated_by text,
  updated_at timestamptz not null default now(),
  last_mutation_key text,
  lead_id text collate "C" not null references public.leads (id) on delete cascade,
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
create index sms_messages_by_lead on sync.sms_messages (lead_id, created_at desc);

create function sync.row_json(p_row sync.sms_messages) returns jsonb
language sql stable
return jsonb_build_object(
  'id', p_row.id, 'org_id', p_row.org_id, 'version', p_row.version, 'updated_by', p_row.updated_by,
  'updated_at', sync.instant(p_row.updated_at), 'last_mutation_key', p_row.last_mutation_key,
  'lead_id', p_row.lead_id, 'message', p_row.message, 'template_id', p_row.template_id,
  'state', p_row.state, 'status', p_row.status,
  'error_code', p_row.error_code, 'error_message', p_row.error_message,
  'sent_at', sync.instant(p_row.sent_at), 'created_at', sync.instant(p_row.created_at));

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

call sync.track_table('sync.sms_messages');
