import type { Database } from '../../../src/engine/database/Database.js'
import type { Caller } from '../../../src/engine/ledger/ActionCall.js'
import { ANA, BEN, EVE } from '../../../src/engine/ledger/testing/anActionCall.js'
import { aStoredAppointment, aStoredLead, versionOf } from './rows.js'

/** Tables that leads and appointments are mapped to, for a suite that runs on each of them. */
export interface MappedTables {
  name: string
  /** ana and ben of one organisation, eve of another. */
  ana: Caller
  ben: Caller
  eve: Caller
  /** Makes and maps the tables, in a database that may have them. */
  prepare(database: Database): Promise<void>
  /** Stores a lead whose status is what clients call `status`; returns its id. */
  aLead(database: Database, fields?: { org?: string; status?: string; phone?: string | null }): Promise<string>
  aThousandLeads(database: Database): Promise<string[]>
  anAppointment(database: Database, fields?: { org?: string; status?: string }): Promise<string>
  versionOf(database: Database, table: 'leads' | 'appointments', id: string): Promise<number>
}

/** The tables of the module crm. */
export const crmTables: MappedTables = {
  name: 'the crm tables',
  ana: ANA,
  ben: BEN,
  eve: EVE,
  prepare: async () => undefined,
  aLead: aStoredLead,
  async aThousandLeads(database) {
    await database.write(
      `insert into public.leads (id, org_id, name) select 'lead-thousand-' || n, 'org-1', 'Lead ' || n from generate_series(1, 1000) n`,
    )
    return Array.from({ length: 1_000 }, (_, n) => `lead-thousand-${n + 1}`)
  },
  anAppointment: aStoredAppointment,
  versionOf,
}
