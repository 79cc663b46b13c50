import type { Logger } from 'pino'
import type { Database } from '../engine/database/Database.js'
import type { Module } from '../engine/Module.js'
import type { Telemetry } from '../engine/telemetry/Telemetry.js'
import { bookingsModule } from './bookings/bookingsModule.js'
import { crmModule } from './crm/crmModule.js'
import { leadsModule } from './leads/leadsModule.js'
import type { ModuleName } from './moduleNames.js'
import { type SmsModuleOptions, smsModule } from './sms/smsModule.js'
import type { SmsConfig } from './sms/smsSettings.js'

export interface OpenModulesOptions extends Pick<SmsModuleOptions, 'breaker' | 'carrier'> {
  config: { modules: readonly ModuleName[]; publicUrl: string | null; sms: SmsConfig }
  log: Logger
  telemetry: Telemetry
  database: Database
}

/** Opens the modules that `MODULES` names; no other one runs anything. */
export function openModules({ config, log, telemetry, database, breaker, carrier }: OpenModulesOptions): Module[] {
  const open: Readonly<Record<ModuleName, () => Module>> = {
    bookings: () => bookingsModule({ database }),
    leads: () => leadsModule({ database }),
    sms: () => smsModule({ database, log, telemetry, settings: config.sms, publicUrl: config.publicUrl, breaker, carrier }),
    crm: crmModule,
  }
  return config.modules.map((name) => open[name]())
}
