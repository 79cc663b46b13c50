import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { aLead, anAppointment } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusBulkUpdateButton } from '../../src/lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { closePages, openPage } from '../harness.js'

afterEach(closePages)

const rows = { appointments: [anAppointment()], leads: [aLead(), aLead({ id: 'lead-124', name: 'Marco Ruiz' })] }
const click = (name: string | RegExp) => act(() => screen.getByRole('button', { name }).click())
const choose = (name: string) => act(() => screen.getByRole('menuitemradio', { name }).click())
const SMS = <SendSMSButton leadId="lead-123" message="Hi Anna" />

describe('over the real client', () => {
  it('confirms a booking once for a double click and tells onSuccess once', async () => {
    const onSuccess = jest.fn()
    const { sync, rest } = await openPage(<BookingConfirmButton appointmentId="apt-123" onSuccess={onSuccess} />, { rows })
    click('Confirm booking')
    click('Confirm booking')
    await rest()
    expect(sync.server.effects).toHaveLength(1)
    expect(onSuccess).toHaveBeenCalledTimes(1)
    expect(screen.getByRole('button')).toHaveTextContent('Confirmed')
  })

  it('keeps a click made offline over a reload, and sends it once when the network is back', async () => {
    const onSuccess = jest.fn()
    const page = await openPage(<BookingConfirmButton appointmentId="apt-123" onSuccess={onSuccess} />, { rows })
    await act(() => page.sync.goOffline())
    click('Confirm booking')
    await page.rest()
    expect(screen.getByRole('button', { name: 'Confirm booking' })).toHaveAttribute('data-state', 'queued')
    expect(screen.getByText('You are offline. Booking will be confirmed when you reconnect')).toBeVisible()

    await page.reload()
    expect(screen.getByRole('button', { name: 'Confirm booking' })).toHaveAttribute('data-state', 'queued')
    await act(() => page.sync.goOnline())
    await page.advance(10_000)
    expect(page.sync.server.effects).toHaveLength(1)
    expect(screen.getByRole('button')).toHaveTextContent('Confirmed')
    expect(onSuccess).toHaveBeenCalledTimes(1)
  })

  it('takes a click back that has not left the device', async () => {
    const page = await openPage(SMS, { rows, offline: true })
    click('Send SMS')
    await page.rest()
    click('Undo')
    await page.rest()
    expect(screen.getByRole('button', { name: 'Send SMS' })).toHaveAttribute('data-state', 'idle')
    await act(() => page.sync.goOnline())
    await page.advance(10_000)
    expect(page.sync.server.writes).toHaveLength(0)
  })

  it('says that the service is busy once, and sends when it is back', async () => {
    const onError = jest.fn()
    const onSuccess = jest.fn()
    const page = await openPage(<SendSMSButton leadId="lead-123" message="Hi" onError={onError} onSuccess={onSuccess} />, { rows })
    page.sync.server.next({
      status: 503,
      body: { success: false, error: 'SMS service temporarily unavailable', code: 'CIRCUIT_BREAKER_OPEN', retryable: true, retrying: true },
      headers: { 'Retry-After': '30' },
    })
    click('Send SMS')
    await page.rest()
    expect(screen.getByRole('button', { name: 'Send SMS' })).toHaveAttribute('data-state', 'circuit-open')
    // A slow machine has said it to screen readers by now, too.
    expect(screen.getByText(/Service is busy\. Trying again in about \d+ seconds/, { selector: '[data-part=status-text]' })).toBeVisible()
    expect(onError.mock.calls).toMatchObject([[{ code: 'CIRCUIT_BREAKER_OPEN', willRetry: true }]])
    await page.advance(40_000)
    expect(onSuccess).toHaveBeenCalledTimes(1)
    expect(onError).toHaveBeenCalledTimes(1)
    expect(page.sync.server.effects).toHaveLength(1)
  })

  it('does not send the same SMS twice within a minute, unless "Send again" is chosen', async () => {
    const page = await openPage(SMS, { rows })
    click('Send SMS')
    await page.rest()
    await page.advance(10_000)
    click(/Send SMS|Sent/)
    await page.rest()
    expect(page.sync.server.effects).toHaveLength(1)
    expect(screen.getByText('Sent a moment ago, so it was not sent twice')).toBeVisible()
    click('Send again')
    await page.rest()
    expect(page.sync.server.effects).toHaveLength(2)
  })

  it('shows the chosen status at once and takes three clicks while offline', async () => {
    const page = await openPage(<LeadStatusButton leadId="lead-123" currentStatus="new" />, { rows, offline: true })
    for (const status of ['Contacted', 'Qualified', 'Contacted']) {
      click(/Status/)
      choose(status)
      await page.rest()
    }
    expect(screen.getByRole('button', { name: /Status/ })).toHaveTextContent('Contacted')
    expect(page.sync.client.getQueue()).toHaveLength(3)
    await act(() => page.sync.goOnline())
    await page.advance(10_000)
    expect(page.sync.server.writes.map(({ body }) => JSON.parse(body ?? '{}').status)).toEqual(['contacted', 'qualified', 'contacted'])
    expect(screen.getByRole('button', { name: /Status/ })).toHaveAttribute('data-status', 'contacted')
  })

  it('says who changed the lead meanwhile, and tries again against its present version', async () => {
    const onSuccess = jest.fn()
    const lead = <LeadStatusButton leadId="lead-123" currentStatus="new" onSuccess={onSuccess} />
    const page = await openPage(lead, { rows }, { resolveUser: (id) => (id === 'ben' ? 'Ben' : undefined) })
    page.sync.server.seed('leads', [aLead({ version: 2, status: 'contacted', updated_by: 'ben' })])
    click(/Status/)
    choose('Qualified')
    await page.rest()
    const button = screen.getByRole('button', { name: /Status/ })
    expect(button).toHaveAttribute('data-state', 'conflict')
    expect(screen.getByText('Not saved. You wanted Qualified. Ben set Contacted', { selector: '[data-part=status-text]' })).toBeVisible()
    expect(button).toHaveTextContent('Contacted')
    await page.reload()
    expect(screen.getByText('Not saved. You wanted Qualified. Ben set Contacted', { selector: '[data-part=status-text]' })).toBeVisible()
    click('Mark as Qualified anyway')
    await page.rest()
    expect(screen.getByRole('button', { name: /Status/ })).toHaveTextContent('Qualified')
    expect(onSuccess).toHaveBeenCalledTimes(1)
  })

  it('names the leads of a bulk update that failed and retries only those that can succeed', async () => {
    const onError = jest.fn()
    const onSuccess = jest.fn()
    const bulk = (
      <LeadStatusBulkUpdateButton
        leadIds={[{ id: 'lead-123' }, { id: 'lead-124' }, { id: 'lead-999' }]}
        targetStatus="contacted"
        onError={onError}
        onSuccess={onSuccess}
      />
    )
    const page = await openPage(bulk, { rows })
    const failures = [
      { leadId: 'lead-124', code: 'ROW_BUSY' },
      { leadId: 'lead-999', code: 'NOT_FOUND' },
    ]
    const body = { success: false, updated: 0, failed: 2, unchanged: 1, message: '0 leads updated, 2 failed', leads: [], failures }
    page.sync.server.next({ status: 207, body })
    click('Mark 3 leads as contacted')
    await page.rest()
    expect(onError.mock.calls).toMatchObject([[{ failed: 2, updated: 0, failures }]])
    expect(screen.getByText('0 updated, 1 unchanged, 2 failed')).toBeVisible()
    expect(screen.getByText(/lead-999: This record does not exist/)).toBeVisible()
    // What does not exist will not exist on another attempt either.
    click('Retry 1 failed lead')
    await page.rest()
    expect(onSuccess.mock.calls).toMatchObject([[{ updated: 1, failed: 0, status: 'contacted' }]])
  })

  it('asks before what is final, and stays quiet about the rest', async () => {
    const page = await openPage(<LeadStatusButton leadId="lead-123" currentStatus="new" variant="with-confirm" />, { rows })
    click(/Status/)
    choose('Contacted')
    await page.rest()
    expect(page.sync.server.effects).toHaveLength(1)
    await page.advance(3_000)
    click(/Status/)
    choose('Won')
    await page.rest()
    expect(page.sync.server.effects).toHaveLength(1)
    click('Mark as won')
    await page.rest()
    expect(page.sync.server.effects).toHaveLength(2)
  })
})
