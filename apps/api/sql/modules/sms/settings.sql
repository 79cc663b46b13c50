-- Durations of the SMS module live here and nowhere else.
create table sync.sms_settings (
  only_row boolean primary key default true constraint sms_settings_one_row check (only_row),
  -- After the attempt whose fate is unknown, when to look for its message in the carrier's list.
  listing_delays interval[] not null default array[interval '20 seconds', interval '60 seconds', interval '5 minutes'],
  -- After the carrier took an SMS, when to ask what became of it, should nobody have told; then as often as `ask_every`, for
  -- as long as `ask_for`.
  ask_delays interval[] not null default array[interval '1 minute', interval '5 minutes', interval '30 minutes'],
  ask_every interval not null default interval '1 hour',
  ask_for interval not null default interval '1 day',
  -- The same text to the same number of the same lead is one SMS for this long after its acceptance. Mirrors
  -- LIMITS.duplicateSmsWindowMs of the contracts.
  same_words interval not null default interval '60 seconds',
  -- Less left than this is not worth handing to the carrier.
  least_validity interval not null default interval '5 seconds',
  -- Longest time a caller of an SMS on its way is told to wait.
  longest_retry interval not null default interval '30 seconds',
  -- Nothing is due any more: only a late callback or a person can change the row.
  given_up_retry interval not null default interval '5 minutes'
);
insert into sync.sms_settings default values;

insert into sync.error_codes (code, status, retryable, text) values
  ('PHONE_INVALID', 422, false, 'This lead has no phone number that can receive SMS. Correct the number first.'),
  ('OPTED_OUT', 422, false, 'This person asked not to get SMS any more (STOP). Nothing was sent.'),
  ('SMS_REJECTED', 422, false, 'The SMS was rejected by the carrier and was not sent.'),
  ('CIRCUIT_BREAKER_OPEN', 503, true, 'SMS service temporarily unavailable');
update sync.error_codes set extra = '{"retrying": true}' where code = 'CIRCUIT_BREAKER_OPEN';
