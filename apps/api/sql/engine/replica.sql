-- Which replica of the API this connection is of, as it calls itself (`org-api <host>:<process>`); null where a pooler or a
-- team's own connection calls itself otherwise. For records about who did something: the default of a column, which costs no
-- round trip.
create function sync.replica() returns text
language sql stable parallel safe
return case when starts_with(current_setting('application_name'), 'org-api ') then substr(current_setting('application_name'), 9) end;
