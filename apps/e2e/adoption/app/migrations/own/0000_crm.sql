-- What the team had before it knew of critical buttons: its own schema, words, role, policies, triggers and audit.

do $$
begin
  create role crm_app login password 'crm';
exception
  -- A role belongs to the whole server: another database of it may have made it.
  when duplicate_object then null;
end
$$;

create schema crm;

create table crm.accounts (
  account_id uuid primary key default gen_random_uuid(),
  name text not null,
  credit_limit numeric not null
);

create table crm.people (
  person_id uuid primary key default gen_random_uuid(),
  email text not null unique,
  name text not null
);

create table crm.memberships (
  person_id uuid not null references crm.people,
  account_id uuid not null references crm.accounts,
  primary key (person_id, account_id)
);

create table crm.contacts (
  contact_id uuid primary key default gen_random_uuid(),
  account_id uuid not null references crm.accounts,
  full_name text not null,
  mobile text,
  stage text not null default 'lead',
  changed_at timestamptz not null default now()
);

create table crm.deals (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references crm.accounts,
  title text not null,
  amount numeric not null check (amount > 0),
  stage text not null default 'open' check (stage in ('open', 'approved')),
  approved_by uuid references crm.people,
  changed_at timestamptz not null default now()
);

create table crm.audit (
  entry bigint generated always as identity primary key,
  about text not null,
  row_id uuid not null,
  person_id uuid,
  stage_before text not null,
  stage_after text not null,
  at timestamptz not null default now()
);

-- Who acts, as the app says at the beginning of a transaction.
create function crm.person() returns uuid
language sql stable
as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

create function crm.touch() returns trigger
language plpgsql
as $$
begin
  new.changed_at := now();
  return new;
end
$$;

-- One entry for each update, whatever it changed: two effects of one click would be two entries.
create function crm.write_audit() returns trigger
language plpgsql
as $$
begin
  insert into crm.audit (about, row_id, person_id, stage_before, stage_after)
  values (tg_table_name, (to_jsonb(new) ->> tg_argv[0])::uuid, crm.person(), old.stage, new.stage);
  return null;
end
$$;

create trigger touch before update on crm.contacts for each row execute function crm.touch();
create trigger touch before update on crm.deals for each row execute function crm.touch();
create trigger audit after update on crm.contacts for each row execute function crm.write_audit('contact_id');
create trigger audit after update on crm.deals for each row execute function crm.write_audit('id');

alter table crm.contacts enable row level security;
alter table crm.deals enable row level security;
create policy members on crm.contacts to crm_app
  using (exists (select from crm.memberships m where m.account_id = contacts.account_id and m.person_id = crm.person()));
create policy members on crm.deals to crm_app
  using (exists (select from crm.memberships m where m.account_id = deals.account_id and m.person_id = crm.person()));

grant usage on schema crm to crm_app;
grant select on crm.accounts, crm.people, crm.memberships to crm_app;
grant select, insert, update, delete on crm.contacts, crm.deals to crm_app;
grant insert on crm.audit to crm_app;
