-- The statuses a lead may be given, and which of them nothing may follow. A team puts its own here, before it calls
-- sync.use_leads; labels and colours are the clients' (`leadStatuses` of the provider). Changes count at once.
create table sync.lead_statuses (
  value text primary key constraint lead_statuses_value check (length(value) between 1 and 64),
  final boolean not null default false
);
insert into sync.lead_statuses (value, final) values
  ('new', false), ('contacted', false), ('qualified', false), ('proposal_sent', false), ('negotiating', false), ('won', true), ('lost', false);

insert into sync.error_codes (code, status, retryable, text) values
  ('ALREADY_HAS_STATUS', 409, false, 'Lead already has this status'),
  ('STATUS_FINAL', 409, false, 'The status of this lead is final, so nothing was changed.'),
  ('STATUS_UNKNOWN', 422, false, 'There is no such status, so nothing was changed.');

-- Why a lead may not take a status; null when it may. In the words of the database, `p_final` those that are final.
create function sync.lead_status_objection(p_current text, p_wanted text, p_final text[]) returns text
language sql immutable parallel safe
return case when p_current = p_wanted then 'ALREADY_HAS_STATUS' when p_current = any (p_final) then 'STATUS_FINAL' end;

-- What a person reads where another status than won is final.
create function sync.final_status_words(p_code text, p_status text) returns jsonb
language sql immutable
return case when p_code = 'STATUS_FINAL' and p_status <> 'won'
  then jsonb_build_object('error', format('This lead is %s, which is final. Its status cannot change any more.', p_status)) else '{}' end;
