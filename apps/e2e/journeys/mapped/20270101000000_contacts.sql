-- The contacts of a team's own, in its own schema and words and with uuids, in the place of the demo's leads.

create schema crm;

create table crm.contacts (
  contact_id uuid primary key default gen_random_uuid(),
  account_id text not null,
  full_name text not null,
  mobile text,
  stage text not null default 'lead'
);

call sync.untrack_table('public.leads');

call sync.use_leads('crm.contacts',
  p_id => 'contact_id', p_tenant => 'account_id',
  p_name => 'full_name', p_phone => 'mobile', p_status => 'stage',
  p_statuses => '{"new": "lead", "won": "customer"}');

insert into crm.contacts (contact_id, account_id, full_name, mobile) values
  ('7d9f4f0e-0000-4000-8000-000000000001', 'org-1', 'Mira Sand', '+12025550141'),
  ('7d9f4f0e-0000-4000-8000-000000000002', 'org-1', 'Jon Ek', '+12025550142'),
  ('7d9f4f0e-0000-4000-8000-000000000003', 'org-1', 'Ada Berg', '+12025550143'),
  ('7d9f4f0e-0000-4000-8000-000000000009', 'org-2', 'Lea Roth', '+14155550149');
