-- What the team added: its app's role may use our inside, its contacts are leads, its deals can be followed, and who may
-- hear of an account's changes is who is a member of it.

grant sync_runtime to crm_app;

call sync.use_leads('crm.contacts',
  p_id => 'contact_id', p_tenant => 'account_id',
  p_name => 'full_name', p_phone => 'mobile', p_status => 'stage',
  p_statuses => '{"new": "lead", "won": "customer"}');

call sync.track_table('crm.deals', p_tenant => 'account_id', p_columns => '{title,amount,stage,approved_by}');

create index contacts_by_account on crm.contacts (account_id, contact_id);
create index deals_by_account on crm.deals (account_id, id);

create or replace function sync.caller_tenants() returns setof text
language sql stable security definer set search_path = ''
as $$ select m.account_id::text from crm.memberships m where m.person_id::text = auth.jwt() ->> 'sub' $$;
