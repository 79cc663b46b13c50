/** Days with a partition, from yesterday on, as the real server keeps them. */
const DAYS = 5

/**
 * What Supabase Realtime makes in a project's database for Broadcast, for plain Postgres and PGlite: schema `realtime`,
 * the messages by day under row-level security, `realtime.topic()` and `realtime.send()` with their real signatures,
 * rights and manners (an error is a warning). Wants the roles of the browser; run it once.
 */
export const REALTIME_SCHEMA = `
do $$
begin
  if to_regrole('supabase_realtime_admin') is null then
    create role supabase_realtime_admin nologin noinherit;
  end if;
end
$$;
create schema realtime;
grant usage on schema realtime to anon, authenticated, service_role, supabase_realtime_admin;

create table realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp not null default now(),
  inserted_at timestamp not null default now(),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  constraint messages_pkey primary key (id, inserted_at)
) partition by range (inserted_at);
alter table realtime.messages enable row level security;
alter table realtime.messages owner to supabase_realtime_admin;
create index messages_inserted_at_topic_index on only realtime.messages (inserted_at desc, topic) where extension = 'broadcast' and private is true;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;

do $$
declare
  v_day date;
begin
  for v_day in select current_date - 1 + n from generate_series(0, ${DAYS - 1}) n loop
    execute format('create table realtime.messages_%s partition of realtime.messages for values from (%L) to (%L)',
      to_char(v_day, 'YYYY_MM_DD'), v_day, v_day + 1);
  end loop;
end
$$;

create function realtime.topic() returns text
language sql stable
as $$ select nullif(current_setting('realtime.topic', true), '') $$;

create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql
as $$
declare
  new_id uuid;
begin
  begin
    new_id := gen_random_uuid();
    -- No set_config, which would be cheaper than the real one.
    execute format('set local realtime.topic to %L', topic);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (new_id, case when payload ? 'id' then payload else jsonb_set(payload, '{id}', to_jsonb(new_id)) end, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
  end;
end
$$;
alter function realtime.topic() owner to supabase_realtime_admin;
alter function realtime.send(jsonb, text, text, boolean) owner to supabase_realtime_admin;
`
