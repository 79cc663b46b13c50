-- What the team added: its app's role may use our inside, its contacts are leads, and its deals can be followed.

grant sync_runtime to crm_app;

call sync.use_leads('crm.contacts',
  p_id => 'contact_id', p_tenant => 'account_id',
  p_name => 'full_name', p_phone => 'mobile', p_status => 'stage',
  p_statuses => '{"new": "lead", "won": "customer"}');

call sync.track_table('crm.deals', p_tenant => 'account_id', p_columns => '{title,amount,stage,approved_by}');

create index contacts_by_account on crm.contacts (account_id, contact_id);
create index deals_by_account on crm.deals (account_id, id);
