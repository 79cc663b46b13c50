'use client'
import { type LeadRow, type LeadView, toLeadView } from '@org/contracts/client'
import type { RowOrigin, TableState } from '@org/sync-core'
import { useMemo } from 'react'
import { useEnvironment } from '../provider/environment.js'
import { useRowSync } from './useRowSync.js'

export interface LeadStatusSync {
  /** The lead as someone else left it; null until they change it after mount. Keeps its identity until the next change. */
  updatedLead: LeadView | null
  /** Display name of who did. */
  updatedBy: string | null
  version: number | null
  origin: RowOrigin | null
  /** How fresh the leads are. */
  status: TableState
  /** Epoch ms. */
  lastSyncedAt: number | null
}

/** Tells when someone else, or another session, changes a lead. */
export function useLeadStatusSync(leadId: string): LeadStatusSync {
  const { nameOf } = useEnvironment()
  const { row, ...rest } = useRowSync('leads', leadId)
  const updatedLead = useMemo(() => (row === null ? null : toLeadView(row as unknown as LeadRow, nameOf)), [row, nameOf])
  return { ...rest, updatedLead, updatedBy: updatedLead?.updatedBy ?? null, version: row?.version ?? null }
}
