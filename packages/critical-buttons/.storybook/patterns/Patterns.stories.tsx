import { aLead, anAppointment } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { LiveStage } from '../stage/LiveStage.js'
import { AppointmentConfirmationWorkflow, CollaborativeLeadCard, OptimisticLeadStatus, OwnOfflineIndicator } from './index.js'

const meta: Meta = { title: 'Scenarios/Patterns', parameters: { controls: { disable: true } } }
export default meta
type Story = StoryObj

const lead = { id: 'lead-123', name: 'Anna Kim', firstName: 'Anna', status: 'new' as const }
const ROWS = { appointments: [anAppointment()], leads: [aLead()] }
const live = async (element: HTMLElement) => within(await within(element).findByTestId('live', {}, { timeout: 5_000 }))
const press = async (canvas: Awaited<ReturnType<typeof live>>, name: string | RegExp) =>
  userEvent.click(await canvas.findByRole('button', { name }, { timeout: 5_000 }))

export const CoordinatedActions: Story = {
  name: '1 Coordinated actions',
  render: () => (
    <LiveStage rows={ROWS}>
      <AppointmentConfirmationWorkflow appointment={{ id: 'apt-123' }} lead={lead} onCompleted={() => {}} />
    </LiveStage>
  ),
  play: async ({ canvasElement }) => {
    const canvas = await live(canvasElement)
    await press(canvas, 'Confirm booking')
    await press(canvas, 'Send SMS')
    await expect(await canvas.findByRole('button', { name: /^Status/ }, { timeout: 5_000 })).toBeVisible()
    await expect(await canvas.findByText('2 took effect')).toBeVisible()
  },
}

export const OptimisticUpdate: Story = {
  name: '2 Optimistic update',
  render: () => (
    <LiveStage
      rows={ROWS}
      events={{
        'Let the server refuse the next': ({ sync }) => sync.server.next('STATUS_FINAL'),
        'Hold the server': ({ sync }) => sync.server.hold(),
        'Let it answer': ({ sync }) => sync.server.release(),
      }}
    >
      <OptimisticLeadStatus leadId="lead-123" initialStatus="new" />
    </LiveStage>
  ),
  play: async ({ canvasElement }) => {
    const canvas = await live(canvasElement)
    // In the look of a page, not of a bare browser: this is what people copy.
    await expect(getComputedStyle(await canvas.findByRole('button', { name: 'new' })).borderRadius).not.toBe('0px')
    await press(canvas, 'Hold the server')
    await press(canvas, 'new')
    await expect(await canvas.findByRole('button', { name: 'qualified' })).toBeVisible()
    await press(canvas, 'Let the server refuse the next')
    await press(canvas, 'Let it answer')
    await expect(await canvas.findByRole('alert')).toHaveTextContent('Failed to update status: The status of this lead is final')
    await expect(canvas.getByRole('button', { name: 'new' })).toBeVisible()
  },
}

let version = 1

export const RealtimeCollaboration: Story = {
  name: '3 Realtime collaboration',
  render: () => (
    <LiveStage
      rows={ROWS}
      events={{
        'Let Ben change it': ({ sync }) => {
          version += 1
          sync.server.seed('leads', [aLead({ version, status: version % 2 ? 'contacted' : 'qualified', updated_by: 'ben' })])
          // The page asks for changes when it is looked at again, so nobody has to wait for the next poll.
          sync.tab.setVisible(false)
          sync.tab.setVisible(true)
        },
      }}
    >
      <CollaborativeLeadCard lead={lead} />
    </LiveStage>
  ),
  play: async ({ canvasElement }) => {
    const canvas = await live(canvasElement)
    await expect(canvas.getByText(/Anna Kim - new/)).toBeVisible()
    await press(canvas, 'Let Ben change it')
    const by = await canvas.findByText('Updated by Ben', {}, { timeout: 8_000 })
    await expect(by).toBeVisible()
    await expect(Number.parseFloat(getComputedStyle(by).marginInlineStart)).toBeGreaterThanOrEqual(4)
  },
}

export const OfflineQueue: Story = {
  name: '4 Offline queue',
  render: () => (
    <LiveStage rows={ROWS}>
      <OwnOfflineIndicator />
      <AppointmentConfirmationWorkflow appointment={{ id: 'apt-123' }} lead={lead} onCompleted={() => {}} />
    </LiveStage>
  ),
  play: async ({ canvasElement }) => {
    const canvas = await live(canvasElement)
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Confirm booking' })).not.toHaveAttribute('aria-disabled'))
    await press(canvas, 'Go offline')
    await press(canvas, 'Confirm booking')
    await expect(await canvas.findByText('📡 Offline (1 pending actions)')).toBeVisible()
    await press(canvas, 'Go online')
    await expect(await canvas.findByText('1 took effect', {}, { timeout: 8_000 })).toBeVisible()
  },
}
