-- The internal schema: ledger, change log, settings, functions. Never exposed: no role of the browser has
-- usage on it. Nothing of the engine lives in `public`.

create schema if not exists sync;
revoke all on schema sync from public;
