import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { aLead, anAppointment } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import {
  AppointmentConfirmationWorkflow,
  CollaborativeLeadCard,
  OptimisticLeadStatus,
  OwnOfflineIndicator,
} from '../../.storybook/patterns/index.js'
import { closePages, openPage } from '../harness.js'

afterEach(closePages)

const lead = { id: 'lead-123', name: 'Anna Kim', firstName: 'Anna', status: 'new' as const }
const rows = { appointments: [anAppointment()], leads: [aLead()] }
const click = (name: string | RegExp) => act(() => screen.getByRole('button', { name }).click())

describe("the guide's patterns", () => {
  it('1: confirms, sends and changes the status in sequence', async () => {
    const onCompleted = jest.fn()
    const page = await openPage(<AppointmentConfirmationWorkflow appointment={{ id: 'apt-123' }} lead={lead} onCompleted={onCompleted} />, {
      rows,
    })
    click('Confirm booking')
    await page.rest()
    click('Send SMS')
    await page.rest()
    click(/Status/)
    act(() => screen.getByRole('menuitemradio', { name: 'Contacted' }).click())
    await page.rest()
    expect(onCompleted).toHaveBeenCalledTimes(1)
    expect(page.sync.server.writes.map(({ path }) => path)).toEqual([
      '/api/bookings/confirm',
      '/api/leads/send-sms',
      '/api/leads/update-status',
    ])
  })

  it('2: shows the new status before the server answers, and takes it back when it refuses', async () => {
    const page = await openPage(<OptimisticLeadStatus leadId="lead-123" initialStatus="new" />, { rows })
    page.sync.server.hold()
    click('new')
    await page.rest()
    expect(screen.getByRole('button', { name: 'qualified' })).toBeInTheDocument()
    page.sync.server.next('STATUS_FINAL')
    page.sync.server.release()
    await page.rest()
    expect(screen.getByRole('button', { name: 'new' })).toBeInTheDocument()
    expect(screen.getByText(/Failed to update status: The status of this lead is final/)).toBeInTheDocument()
  })

  it('3: flashes when someone else changes the lead, not when this tab does', async () => {
    const page = await openPage(<CollaborativeLeadCard lead={lead} />, { rows }, { resolveUser: () => 'Ben' })
    expect(screen.queryByText(/Updated by/)).toBeNull()
    page.sync.server.seed('leads', [aLead({ version: 2, status: 'won', updated_by: 'ben' })])
    await page.advance(60_000)
    expect(screen.getByText('Updated by Ben')).toBeInTheDocument()
  })

  it('4: counts what waits while offline, and sends it when the network is back', async () => {
    const page = await openPage(
      <>
        <OwnOfflineIndicator />
        <AppointmentConfirmationWorkflow appointment={{ id: 'apt-123' }} lead={lead} onCompleted={() => {}} />
      </>,
      { rows, offline: true },
    )
    click('Confirm booking')
    await page.rest()
    expect(screen.getByText('📡 Offline (1 pending actions)')).toBeInTheDocument()
    await act(() => page.sync.goOnline())
    await page.advance(10_000)
    expect(screen.queryByText(/Offline/)).toBeNull()
    expect(page.sync.server.effects).toHaveLength(1)
  })
})
