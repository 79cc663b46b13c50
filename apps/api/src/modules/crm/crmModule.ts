import type { Database } from '../../engine/database/Database.js'
import type { Module } from '../../engine/Module.js'
import { crmReadsRouter } from './crmReadsRouter.js'

/** The tables `leads` and `appointments` of whoever starts from nothing. */
export function crmModule({ database }: { database: Database }): Module {
  return { name: 'crm', routes: [crmReadsRouter({ database })] }
}
