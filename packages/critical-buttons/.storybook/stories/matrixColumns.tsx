import { type AnyAction, bookingConfirm, type ErrorCode, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationPhase } from '@org/sync-core'
import type { ReactNode } from 'react'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { CriticalButton } from '../../src/critical-button/CriticalButton.js'
import { LeadStatusBulkUpdateButton } from '../../src/lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import type { PhaseSetting } from '../../src/testing/PhaseSetting.js'
import { appointmentReschedule } from '../own-action/appointmentReschedule.js'
import { rescheduleWords } from '../own-action/rescheduleWords.js'
import { NEVER_SHOWN } from '../stage/neverShown.js'
import type { StagedClick } from '../stage/StageParameters.js'
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
  said?: (row: Row) => { code?: ErrorCode } & Partial<Record<'conflict' | 'partial' | 'success', PhaseSetting['answer']>>
}

export const COLUMNS: readonly Column[] = [
  {
    id: 'booking',
    component: 'BookingConfirmButton',
    show: (row) => <BookingConfirmButton appointmentId={`apt-${row}`} {...look(row)} />,
    action: bookingConfirm,
    request: (row) => ({ appointmentId: `apt-${row}` }),
    said: (row) => ({
      code: 'NOT_CONFIRMABLE',
      conflict: { appointment: anAppointment({ id: `apt-${row}`, status: 'cancelled', ...changed }) },
    }),
  },
  {
    id: 'sms',
    component: 'SendSMSButton',
    show: (row) => <SendSMSButton leadId={`lead-${row}`} message={MESSAGE} {...look(row)} />,
    action: smsSend,
    request: (row) => ({ leadId: `lead-${row}`, message: MESSAGE }),
    said: () => ({ code: 'PHONE_INVALID' }),
  },
  {
    id: 'progress',
    component: 'SendSMSButton',
    title: 'with-progress',
    show: (row) => <SendSMSButton leadId={`lead-${row}-p`} message={MESSAGE} {...look(row)} progress />,
    action: smsSend,
    request: (row) => ({ leadId: `lead-${row}-p`, message: MESSAGE }),
    said: () => ({ code: 'PHONE_INVALID' }),
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
    said: (row) => ({ conflict: { lead: aLead({ id: `lead-${row}`, status: 'negotiating', ...changed }) } }),
  },
  {
    id: 'bulk',
    component: 'LeadStatusBulkUpdateButton',
    show: (row) => <LeadStatusBulkUpdateButton leadIds={leadsOf(row)} targetStatus="qualified" {...look(row)} progress />,
    action: leadBulkUpdateStatus,
    request: (row) => ({ leadIds: leadsOf(row), status: 'qualified' }),
    said: (row) => ({ partial: { updated: 2, failed: 1, failures: [{ leadId: `lead-${row}-3`, code: 'ROW_BUSY' }] } }),
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
    said: (row) => ({
      conflict: { appointment: anAppointment({ id: `own-${row}`, ...changed }) },
      success: { appointment: anAppointment({ id: `own-${row}`, ...changed, scheduled_at: FRIDAY }) },
    }),
  },
]

/** Why a component is never in that state; undefined when it may be. */
export function reasonWhyNot(component: string, row: Row): string | undefined {
  return (NEVER_SHOWN[component] as Partial<Record<Row, string>> | undefined)?.[row]
}

/** The clicks that put every button of a row where it says. */
export function stagedClicks(row: Row): StagedClick[] {
  const phase = PHASES.find((one) => one === row)
  if (phase === undefined) return []
  return COLUMNS.filter(({ component }) => reasonWhyNot(component, phase) === undefined).map(({ action, request, said }) => ({
    action,
    request: request(phase),
    phase,
    ...saidIn(phase, said?.(phase) ?? {}),
  }))
}

function saidIn(phase: MutationPhase, { code, ...answers }: ReturnType<NonNullable<Column['said']>>): Partial<PhaseSetting> {
  if (phase === 'error') return code === undefined ? {} : { code }
  const answer = phase === 'conflict' || phase === 'partial' || phase === 'success' ? answers[phase] : undefined
  return answer === undefined ? {} : { answer }
}
