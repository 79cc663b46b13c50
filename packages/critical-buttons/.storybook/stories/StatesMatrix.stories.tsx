import { type BaseRow, bookingConfirm, type ErrorCode, errorBody, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationPhase } from '@org/sync-core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect, waitFor } from 'storybook/test'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import type { PhaseSetting } from '../../src/testing/driveToPhase.js'
import { NEVER_SHOWN } from '../stage/neverShown.js'
import type { StagedClick } from '../stage/StageParameters.js'
import './statesMatrix.css'

const PHASES = [
  'running',
  'retrying',
  'queued',
  'circuit-open',
  'checking',
  'success',
  'conflict',
  'error',
  'unknown',
] as const satisfies readonly MutationPhase[]
type MatrixPhase = (typeof PHASES)[number]
const ROWS = ['idle', ...PHASES, 'disabled'] as const
const NAMES = ['Anna Kim', 'Marco Ruiz', 'Grace Obi']
const MESSAGE = 'Hi Anna, your appointment is confirmed.'

const meta: Meta = { title: 'Overview/States matrix' }
export default meta

export const AllStates: StoryObj = {
  parameters: {
    stage: {
      rows: {
        appointments: ROWS.map((phase) => anAppointment({ id: `apt-${phase}` })),
        leads: ROWS.map((phase, index) =>
          aLead({ id: `lead-${phase}`, name: NAMES[index % NAMES.length] ?? 'Anna Kim', status: 'contacted' }),
        ),
      },
      clicks: PHASES.flatMap(clicksIn),
    },
  },
  render: () => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="matrix-frame" tabIndex={0} aria-label="States matrix">
      <table className="matrix">
        <caption>Every button in every state it can be in</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">BookingConfirmButton</th>
            <th scope="col">SendSMSButton</th>
            <th scope="col">LeadStatusButton</th>
            <th scope="col">with-progress</th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map((phase) => (
            <tr key={phase}>
              <th scope="row">{phase}</th>
              {COLUMNS.map(({ id, component, show }) => (
                <td key={id} data-cell={`${id} ${phase}`}>
                  {reasonWhyNot(component, phase) === undefined ? show(phase) : <span title={reasonWhyNot(component, phase)}>–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  ),
  play: async ({ canvasElement }) => {
    const cell = (name: string) => canvasElement.querySelector<HTMLElement>(`[data-cell="${name}"]`)
    for (const impossible of ['sms conflict', 'progress conflict']) await expect(cell(impossible)).toHaveTextContent(/^–$/)
    await waitFor(() => expect(cell('status success')?.querySelector('button')).toHaveAttribute('data-state', 'success'))
    await expect(cell('status success')?.querySelector('button')).toHaveAttribute('data-status', 'qualified')
    await expect(canvasElement.querySelectorAll('[data-code="PHONE_INVALID"]:not([data-component="SendSMSButton"])')).toHaveLength(0)
    // A narrow window scrolls the table, not the page.
    await expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth)
  },
}

interface Column {
  id: string
  component: string
  show: (phase: (typeof ROWS)[number]) => ReactNode
}

const variantIn = (phase: string) => (phase === 'disabled' ? 'disabled' : 'default')
const COLUMNS: readonly Column[] = [
  {
    id: 'booking',
    component: 'BookingConfirmButton',
    show: (phase) => <BookingConfirmButton appointmentId={`apt-${phase}`} variant={variantIn(phase)} announce={false} />,
  },
  {
    id: 'sms',
    component: 'SendSMSButton',
    show: (phase) => <SendSMSButton leadId={`lead-${phase}`} message={MESSAGE} variant={variantIn(phase)} announce={false} />,
  },
  {
    id: 'status',
    component: 'LeadStatusButton',
    show: (phase) => <LeadStatusButton leadId={`lead-${phase}`} currentStatus="contacted" variant={variantIn(phase)} announce={false} />,
  },
  {
    id: 'progress',
    component: 'SendSMSButton',
    show: (phase) => (
      <SendSMSButton leadId={`lead-${phase}`} message={MESSAGE} variant="with-progress" disabled={phase === 'disabled'} announce={false} />
    ),
  },
]

function reasonWhyNot(component: string, phase: (typeof ROWS)[number]): string | undefined {
  return phase === 'disabled' ? undefined : NEVER_SHOWN[component]?.[phase]
}

function clicksIn(phase: MatrixPhase): StagedClick[] {
  const [apt, lead] = [`apt-${phase}`, `lead-${phase}`]
  const changed = { version: 3, updated_by: 'ben' }
  const booking = anAppointment({ id: apt, status: 'cancelled', ...changed })
  const clicks: (StagedClick & { component: string })[] = [
    {
      component: 'BookingConfirmButton',
      action: bookingConfirm,
      request: { appointmentId: apt },
      ...problemIn(phase, 'NOT_CONFIRMABLE', booking),
    },
    { component: 'SendSMSButton', action: smsSend, request: { leadId: lead, message: MESSAGE }, ...problemIn(phase, 'PHONE_INVALID') },
    {
      component: 'LeadStatusButton',
      action: leadUpdateStatus,
      request: { leadId: lead, status: 'qualified' },
      ...problemIn(phase, 'INTERNAL', aLead({ id: lead, status: 'negotiating', ...changed })),
    },
  ]
  return clicks.filter(({ component }) => reasonWhyNot(component, phase) === undefined)
}

/** The phase, with what that action can really be answered in it. */
function problemIn(phase: MatrixPhase, code: ErrorCode, changedRow?: BaseRow): PhaseSetting {
  if (phase === 'conflict' && changedRow !== undefined) return { phase, error: { row: changedRow } }
  return phase === 'error' ? { phase, error: { code, message: errorBody(code).error } } : { phase }
}
