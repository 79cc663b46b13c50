import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationError, MutationPhase } from '@org/sync-core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import type { StagedClick } from '../stage/StageParameters.js'
import './statesMatrix.css'

const PHASES = [
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
const ROWS = ['idle', ...PHASES, 'disabled'] as const
const NAMES = ['Anna Kim', 'Marco Ruiz', 'Grace Obi']
const ERRORS: Partial<Record<MutationPhase, Partial<MutationError>>> = {
  partial: { updated: 2, failed: 1 },
  conflict: { row: { id: 'x', version: 3, status: 'won', updated_by: 'ben' } },
  error: { code: 'PHONE_INVALID', message: 'This number cannot receive SMS' },
}
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
    <table className="matrix">
      <caption>Every component in every state</caption>
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
            <td>
              <BookingConfirmButton
                appointmentId={`apt-${phase}`}
                variant={phase === 'disabled' ? 'disabled' : 'default'}
                announce={false}
              />
            </td>
            <td>
              <SendSMSButton
                leadId={`lead-${phase}`}
                message={MESSAGE}
                variant={phase === 'disabled' ? 'disabled' : 'default'}
                announce={false}
              />
            </td>
            <td>
              <LeadStatusButton
                leadId={`lead-${phase}`}
                currentStatus="contacted"
                variant={phase === 'disabled' ? 'disabled' : 'default'}
                announce={false}
              />
            </td>
            <td>
              <SendSMSButton
                leadId={`lead-${phase}`}
                message={MESSAGE}
                variant="with-progress"
                disabled={phase === 'disabled'}
                announce={false}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  ),
}

function clicksIn(phase: MutationPhase): StagedClick[] {
  const error = ERRORS[phase] ?? {}
  const setting = { phase, error }
  const request = { leadId: `lead-${phase}` }
  return [
    { ...setting, action: bookingConfirm, request: { appointmentId: `apt-${phase}` } },
    { ...setting, action: smsSend, request: { ...request, message: MESSAGE } },
    { ...setting, action: leadUpdateStatus, request: { ...request, status: 'qualified' } },
  ]
}
