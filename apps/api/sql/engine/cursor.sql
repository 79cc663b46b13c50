-- A place in the change log names a change that exists: the newest visible one below the snapshot's horizon, of any
-- organisation, or the floor. The horizon itself is not durable: after a crash its number is handed out again, and a
-- change under that number would lie behind a cursor that named it.
create type sync.place as (xid xid8, seq bigint, at_us bigint);

create function sync.micros(p_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000000)::bigint;

-- What a place is worth: 'valid'; 'gone' (of another epoch, or older than the floor); or 'vanished': the change was
-- there and retention did not take it, so the database was put back to an earlier state.
create function sync.judge_place(p_epoch text, p_place sync.place) returns text
language sql stable
return (
  select case
    when p_epoch is distinct from e.epoch then 'gone'
    when (p_place).xid = e.floor_xid and (p_place).seq = e.floor_seq and (p_place).at_us = sync.micros(e.floor_at) then 'valid'
    when ((p_place).xid, (p_place).seq) <= (e.floor_xid, e.floor_seq) then 'gone'
    when exists (
      select from sync.change_log c
      where c.xid = (p_place).xid and c.seq = (p_place).seq and sync.micros(c.changed_at) = (p_place).at_us) then 'valid'
    else 'vanished' end
  from sync.epoch e);

-- Where a reader stands that has seen everything below the horizon.
create function sync.newest_place(p_horizon xid8) returns sync.place
language sql stable
return (
  select case when (newest.xid, newest.seq) > (e.floor_xid, e.floor_seq)
    then row(newest.xid, newest.seq, sync.micros(newest.changed_at))::sync.place
    else row(e.floor_xid, e.floor_seq, sync.micros(e.floor_at))::sync.place end
  from sync.epoch e
  left join lateral (
    select c.xid, c.seq, c.changed_at from sync.change_log c where c.xid < p_horizon order by c.xid desc, c.seq desc limit 1
  ) newest on true);

-- The end of a cursor: nobody who was not given it can name a place of the log. Without it, whoever is signed in could
-- claim to have seen a change that never was, and make every client read all rows again.
create function sync.cursor_seal(p_epoch text, p_place sync.place) returns text
language sql stable
return (
  select left(encode(sha256(convert_to(concat_ws('.', e.secret, p_epoch, (p_place).xid, (p_place).seq, (p_place).at_us), 'UTF8')), 'hex'), 16)
  from sync.epoch e);

create function sync.cursor_text(p_epoch text, p_place sync.place) returns text
language sql stable
return concat_ws('.', p_epoch, (p_place).xid, (p_place).seq, (p_place).at_us, sync.cursor_seal(p_epoch, p_place));
