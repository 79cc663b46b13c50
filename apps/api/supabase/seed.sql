-- The demo's rows. Organisation org-1 is ana's (user-456) and ben's (user-789), org-2 is eve's (user-999).
-- Rows that are there already stay as they are. Phones are fictional (555-01xx).
insert into public.leads (id, org_id, name, phone, status) values
  ('lead-123', 'org-1', 'Anna Kim', '+12025550123', 'new'),
  ('lead-124', 'org-1', 'Marcus Bell', '+12025550124', 'new'),
  ('lead-125', 'org-1', 'Priya Nair', '+12025550125', 'new'),
  ('lead-1', 'org-1', 'John Carter', '+13125550101', 'new'),
  ('lead-2', 'org-1', 'Sofia Rossi', '+13125550102', 'new'),
  ('lead-3', 'org-1', 'David Okafor', '+13125550103', 'new'),
  ('lead-4', 'org-1', 'Emily Zhang', '+13125550104', 'contacted'),
  ('lead-5', 'org-1', 'Luca Moretti', '+13125550105', 'contacted'),
  ('lead-6', 'org-1', 'Hannah Weber', '+13125550106', 'qualified'),
  ('lead-7', 'org-1', 'Omar Haddad', '+13125550107', 'qualified'),
  ('lead-8', 'org-1', 'Grace Miller', '+13125550108', 'proposal_sent'),
  ('lead-9', 'org-1', 'Tom Fischer', '+13125550109', 'negotiating'),
  ('lead-10', 'org-1', 'Isabel Duarte', '+13125550110', 'won'),
  ('lead-11', 'org-1', 'Peter Novak', '+13125550111', 'lost'),
  ('lead-901', 'org-2', 'Wei Chen', '+14155550101', 'new'),
  ('lead-902', 'org-2', 'Nora Lind', '+14155550102', 'contacted'),
  ('lead-903', 'org-2', 'Raj Patel', '+14155550103', 'qualified')
on conflict (id) do nothing;

-- On the next working days, at hours at which somebody works from San Francisco to Berlin (UTC here).
with working_days as (
  select day::date as day, row_number() over (order by day) as nth
  from generate_series((now() at time zone 'utc')::date + 1, (now() at time zone 'utc')::date + 20, interval '1 day') as day
  where extract(isodow from day) < 6
)
insert into public.appointments (id, org_id, title, scheduled_at, status, lead_id)
select seed.id, seed.org_id, seed.title, (working_days.day + seed.hour) at time zone 'utc', seed.status, seed.lead_id
from (values
  ('apt-123', 'org-1', 'First consultation', 1, time '16:00', 'pending', 'lead-123'),
  ('apt-124', 'org-1', 'Site visit', 2, time '17:30', 'pending', 'lead-124'),
  ('apt-125', 'org-1', 'Proposal walk-through', 3, time '15:00', 'pending', 'lead-125'),
  ('apt-1', 'org-1', 'Discovery call', 3, time '16:30', 'pending', 'lead-1'),
  ('apt-2', 'org-1', 'Follow-up call', 4, time '15:45', 'pending', 'lead-2'),
  ('apt-3', 'org-1', 'Contract review', 5, time '17:00', 'pending', 'lead-3'),
  ('apt-5', 'org-1', 'Product demo', 6, time '16:15', 'cancelled', 'lead-11'),
  ('apt-901', 'org-2', 'First consultation', 1, time '15:30', 'pending', 'lead-901'),
  ('apt-902', 'org-2', 'Site visit', 2, time '16:00', 'pending', 'lead-902')
) as seed (id, org_id, title, nth, hour, status, lead_id)
join working_days using (nth)
on conflict (id) do nothing;

-- One that is over: the Thursday of last week.
insert into public.appointments (id, org_id, title, scheduled_at, status, lead_id) values
  ('apt-4', 'org-1', 'Quarterly review', date_trunc('week', now(), 'utc') - interval '4 days' + interval '16 hours', 'completed', 'lead-10')
on conflict (id) do nothing;
