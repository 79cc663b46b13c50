import { type AnyAction, bookingConfirm, type ErrorCode, errorBody, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationError, MutationPhase } from '@org/sync-core'
import type { ReactNode } from 'react'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { CriticalButton } from '../../src/critical-button/CriticalButton.js'
import { LeadStatusBulkUpdateButton } from '../../src/lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { appointmentReschedule } from '../own-action/appointmentReschedule.js'
import { rescheduleWords } from '../own-action/rescheduleWords.js'
import { NEVER_SHOWN } from '../stage/neverShown.js'
import { ChoosesLost, QuestionInPlace } from './Confirming.js'
import { INTERACTIONS } from './showInteraction.js'

export const PHASES = [
  'running',
  'retrying',
  'queued',
  'circuit-open',
  'checking',
  'success',
  'partial',
  'conflict',
  'error',
  'unknown',
] as const satisfies readonly MutationPhase[]
/** Every state a button can be in, the ones of a person's hand included. */
export const ROWS = ['idle', ...INTERACTIONS, 'confirming', ...PHASES, 'disabled'] as const
export type Row = (typeof ROWS)[number]

const MESSAGE = 'Hi Anna, your appointment is confirmed.'
const FRIDAY = '2026-11-27T09:00:00Z'
const changed = { version: 3, updated_by: 'ben' }
const look = (row: Row) => ({
  variant: row === 'disabled' ? ('disabled' as const) : row === 'confirming' ? ('with-confirm' as const) : ('default' as const),
  announce: false as const,
  slots: { ConfirmDialog: QuestionInPlace },
})
const leadsOf = (row: Row) => [1, 2, 3].map((nth) => `lead-${row}-${nth}`)

/** One component in each state. */
export interface Column {
  id: string
  component: string
  /** What it is called above the column. @default the component */
  title?: string
  show: (row: Row) => ReactNode
  action: AnyAction
  request: (row: Row) => unknown
  /** What that action can really be answered. */
  problem?: (row: Row) => { code?: ErrorCode; conflict?: Partial<MutationError>; partial?: Partial<MutationError> }
}

export const COLUMNS: readonly Column[] = [
  {
    id: 'booking',
    component: 'BookingConfirmButton',
    show: (row) => <BookingConfirmButton appointmentId={`apt-${row}`} {...look(row)} />,
    action: bookingConfirm,
    request: (row) => ({ appointmentId: `apt-${row}` }),
    problem: (row) => ({
      code: 'NOT_CONFIRMABLE',
      conflict: { row: anAppointment({ id: `apt-${row}`, status: 'cancelled', ...changed }) },
    }),
  },
  {
    id: 'sms',
    component: 'SendSMSButton',
    show: (row) => <SendSMSButton leadId={`lead-${row}`} message={MESSAGE} {...look(row)} />,
    action: smsSend,
    request: (row) => ({ leadId: `lead-${row}`, message: MESSAGE }),
    problem: () => ({ code: 'PHONE_INVALID' }),
  },
  {
    id: 'progress',
    component: 'SendSMSButton',
    title: 'with-progress',
    show: (row) => <SendSMSButton leadId={`lead-${row}-p`} message={MESSAGE} {...look(row)} progress />,
    action: smsSend,
    request: (row) => ({ leadId: `lead-${row}-p`, message: MESSAGE }),
    problem: () => ({ code: 'PHONE_INVALID' }),
  },
  {
    id: 'status',
    component: 'LeadStatusButton',
    show: (row) => (
      <LeadStatusButton
        leadId={`lead-${row}`}
        currentStatus="contacted"
        {...look(row)}
        slots={{ ConfirmDialog: QuestionInPlace, ...(row === 'confirming' ? { StatusMenu: ChoosesLost } : {}) }}
        confirmMessage={{ lost: 'You can reopen it later.' }}
      />
    ),
    action: leadUpdateStatus,
    request: (row) => ({ leadId: `lead-${row}`, status: 'qualified' }),
    problem: (row) => ({ conflict: { row: aLead({ id: `lead-${row}`, status: 'negotiating', ...changed }) } }),
  },
  {
    id: 'bulk',
    component: 'LeadStatusBulkUpdateButton',
    show: (row) => <LeadStatusBulkUpdateButton leadIds={leadsOf(row)} targetStatus="qualified" {...look(row)} progress />,
    action: leadBulkUpdateStatus,
    request: (row) => ({ leadIds: leadsOf(row), status: 'qualified' }),
    problem: (row) => ({ partial: { updated: 2, failed: 1, failures: [{ leadId: `lead-${row}-3`, code: 'ROW_BUSY' }] } }),
  },
  {
    id: 'own',
    component: 'CriticalButton',
    show: (row) => (
      <CriticalButton
        action={appointmentReschedule}
        request={{ appointmentId: `own-${row}`, scheduledAt: FRIDAY }}
        messages={rescheduleWords}
        {...look(row)}
      />
    ),
    action: appointmentReschedule,
    request: (row) => ({ appointmentId: `own-${row}`, scheduledAt: FRIDAY }),
    problem: (row) => ({
      conflict: { row: anAppointment({ id: `own-${row}`, ...changed }) },
      partial: { updated: 2, failed: 1, failures: [{ leadId: 'apt-125', code: 'ROW_BUSY' }] },
    }),
  },
]

/** Why a component is never in that state; undefined when it may be. */
export function reasonWhyNot(component: string, row: Row): string | undefined {
  return (NEVER_SHOWN[component] as Partial<Record<Row, string>> | undefined)?.[row]
}

/** The clicks that put every button where its row says. */
export function stagedClicks() {
  return PHASES.flatMap((phase) =>
    COLUMNS.filter(({ component }) => reasonWhyNot(component, phase) === undefined).map(({ action, request, problem }) => ({
      action,
      request: request(phase),
      phase,
      ...errorIn(phase, problem?.(phase) ?? {}),
    })),
  )
}

function errorIn(phase: MutationPhase, { code = 'INTERNAL', conflict, partial }: ReturnType<NonNullable<Column['problem']>>) {
  if (phase === 'conflict' && conflict !== undefined) return { error: conflict }
  if (phase === 'partial' && partial !== undefined) return { error: partial }
  return phase === 'error' ? { error: { code, message: errorBody(code).error } } : {}
}
