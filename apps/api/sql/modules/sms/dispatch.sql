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
