import pg from 'pg'

/**
 * Counts effects without asking the API or its ledger: the rows' own tables by a trigger of the rehearsal's, SMS at whom
 * they were handed to.
 */
export class Witness {
  #sql
  #twilio

  /** @param {string} databaseUrl @param {{ messages(): { body: string }[] }} twilio */
  constructor(databaseUrl, twilio) {
    this.#sql = new pg.Pool({ connectionString: databaseUrl, max: 2 })
    this.#sql.on('error', () => undefined)
    this.#twilio = twilio
  }

  query(text, values) {
    return this.#sql.query(text, values)
  }

  /** Begins to count. */
  async watch() {
    await this.#sql.query(`
      create schema rehearsal;
      create table rehearsal.effects (key text, row_id text, at timestamptz not null default clock_timestamp());
      create function rehearsal.count_effect() returns trigger language plpgsql security definer set search_path = '' as $$
      begin
        insert into rehearsal.effects (key, row_id) values (new.sync_key, new.id);
        return null;
      end $$;
      create trigger count_effect after update on public.appointments for each row execute function rehearsal.count_effect();
      create trigger count_effect after update on public.leads for each row execute function rehearsal.count_effect();`)
  }

  /** How often each click took effect. @param {readonly import('./People.mjs').Click[]} clicks @returns {Promise<Map<string, number>>} by key */
  async effectsOf(clicks) {
    const { rows } = await this.#sql.query('select key, count(*)::int as times from rehearsal.effects where key = any ($1) group by key', [
      clicks.map(({ key }) => key),
    ])
    const changed = new Map(rows.map(({ key, times }) => [key, times]))
    const sent = new Map()
    for (const { body } of this.#twilio.messages()) sent.set(body, (sent.get(body) ?? 0) + 1)
    return new Map(clicks.map(({ key, kind, message }) => [key, (kind === 'sms' ? sent.get(message) : changed.get(key)) ?? 0]))
  }

  async stop() {
    await this.#sql.end()
  }
}
