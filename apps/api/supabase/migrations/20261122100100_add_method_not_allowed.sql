-- The code for a method that an address does not take.
insert into sync.migrations (version, name) values ('20261122100100', 'add_method_not_allowed');

insert into sync.error_codes (code, status, retryable, text) values
  ('METHOD_NOT_ALLOWED', 405, false, 'This address does not take this method; the Allow header names those it takes. Nothing was changed.');
