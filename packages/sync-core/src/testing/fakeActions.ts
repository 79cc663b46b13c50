import type { AppointmentRow, BaseRow, ErrorCode, LeadRow, LeadStatus } from '@org/contracts/client'
import { ERROR_CODES, errorBody } from '@org/contracts/testing'
import type { User } from '../identity/scopeName.js'

/** Rows by table and id. */
export type Rows = Map<string, Map<string, BaseRow>>

interface Context {
  rows: Rows
  user: User
  key: string
  now: string
}

function refuse(code: ErrorCode, extra: Record<string, unknown> = {}) {
  return { status: ERROR_CODES[code].status, body: errorBody(code, extra) }
}

function written<Row extends BaseRow>(row: Row, changes: Partial<Row>, { user, key, now }: Context): Row {
  return { ...row, ...changes, version: row.version + 1, updated_by: user.actor, updated_at: now, last_mutation_key: key }
}

export function bookingConfirmed(request: unknown, context: Context) {
  const { appointmentId, notes, expectedVersion } = request as { appointmentId: string; notes?: string; expectedVersion?: number }
  const row = context.rows.get('appointments')?.get(appointmentId) as AppointmentRow | undefined
  if (row === undefined) return refuse('NOT_FOUND')
  if (expectedVersion !== undefined && expectedVersion !== row.version) return refuse('VERSION_CONFLICT', { appointment: row })
  if (row.status === 'confirmed') return refuse('ALREADY_CONFIRMED', { appointment: row })
  const changes = {
    status: 'confirmed',
    confirmed_at: context.now,
    confirmed_by: context.user.actor,
    ...(notes === undefined ? {} : { notes }),
  } as const
  return { status: 200, body: { success: true, appointment: written(row, changes, context) } }
}

export function smsSent(request: unknown, context: Context) {
  const { leadId, message } = request as { leadId: string; message: string }
  if (context.rows.get('leads')?.get(leadId) === undefined) return refuse('NOT_FOUND')
  const { user, key, now } = context
  const sms = {
    id: `sms-${key}`,
    org_id: user.tenant,
    version: 1,
    updated_by: user.actor,
    updated_at: now,
    last_mutation_key: key,
    lead_id: leadId,
    leadId,
    message,
    template_id: null,
    state: 'accepted',
    status: 'pending',
    error_code: null,
    error_message: null,
    sent_at: now,
    created_at: now,
    sentAt: now,
  }
  return { status: 200, body: { success: true, sms } }
}

/** Both routes of a status change: one lead, or many. */
export function leadsUpdated(request: unknown, context: Context) {
  const { leadId, leadIds, status, expectedVersion } = request as {
    leadId?: string
    leadIds?: string[]
    status: LeadStatus
    expectedVersion?: number
  }
  if (leadIds !== undefined) return manyUpdated(leadIds, status, context)
  const row = context.rows.get('leads')?.get(leadId ?? '') as LeadRow | undefined
  const code = refusalOf(row, status, expectedVersion)
  if (row === undefined || code !== undefined) return refuse(code ?? 'NOT_FOUND', row === undefined ? {} : { lead: row })
  return { status: 200, body: { success: true, lead: written(row, { status, status_changed_at: context.now }, context) } }
}

function manyUpdated(leadIds: readonly string[], status: LeadStatus, context: Context) {
  const leads: LeadRow[] = []
  const failures: { leadId: string; code: string }[] = []
  let unchanged = 0
  for (const leadId of new Set(leadIds)) {
    const row = context.rows.get('leads')?.get(leadId) as LeadRow | undefined
    const code = refusalOf(row, status)
    if (code === 'ALREADY_HAS_STATUS') unchanged += 1
    else if (row === undefined || code !== undefined) failures.push({ leadId, code: code ?? 'NOT_FOUND' })
    else leads.push(written(row, { status, status_changed_at: context.now }, context))
  }
  const failed = failures.length
  const message = failed === 0 ? `${leads.length} leads updated to ${status}` : `${leads.length} leads updated, ${failed} failed`
  return {
    status: failed === 0 ? 200 : 207,
    body: { success: failed === 0, updated: leads.length, failed, unchanged, message, leads, failures },
  }
}

function refusalOf(row: LeadRow | undefined, status: LeadStatus, expectedVersion?: number): ErrorCode | undefined {
  if (row === undefined) return 'NOT_FOUND'
  if (expectedVersion !== undefined && expectedVersion !== row.version) return 'VERSION_CONFLICT'
  if (row.status === 'won') return 'STATUS_FINAL'
  return row.status === status ? 'ALREADY_HAS_STATUS' : undefined
}
