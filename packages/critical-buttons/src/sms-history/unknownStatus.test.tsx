import { expect, it } from '@jest/globals'
import { PATHS, toLeadView } from '@org/contracts'
import { aLead, anSmsMessage } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { LeadStatusButton } from '../lead-status-button/LeadStatusButton.js'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { SendSMSButton } from '../send-sms-button/SendSMSButton.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SmsHistory } from './SmsHistory.js'

it.each(['archived', 'constructor'])('shows the lead status %p of a team’s own as its text, in a neutral colour', async (status) => {
  const client = await createFakeSyncClient({ rows: { leads: [aLead({ status })] } })
  render(
    <CriticalButtonsProvider client={client}>
      <LeadStatusButton leadId="lead-123" currentStatus="new" />
    </CriticalButtonsProvider>,
  )
  const chip = screen.getByRole('button', { name: new RegExp(status) })
  expect(chip.outerHTML).toContain('data-tone="gray"')
})

it('shows an SMS of unknown status as its text, and an odd row hides no other', async () => {
  const client = await createFakeSyncClient()
  const sms_messages = [
    { ...anSmsMessage({ id: 'sms-1', message: 'Read by now' }), status: 'read', state: 'read' },
    { id: 7, message: 'no row at all' },
    null,
    { id: 'sms-3', version: 1, lead_id: 'lead-123', message: 'Without a time' },
    anSmsMessage({ id: 'sms-2', message: 'As ever' }),
  ]
  client.read = (path) => Promise.resolve({ status: path === PATHS.smsHistory('lead-123') ? 200 : 404, body: { sms_messages } })
  render(
    <CriticalButtonsProvider client={client}>
      <SmsHistory leadId="lead-123" />
    </CriticalButtonsProvider>,
  )
  const entry = (await screen.findByText('Read by now')).closest('li')
  expect(entry?.querySelector('[data-part="delivery"]')?.textContent).toBe('read')
  expect(entry?.querySelector('[data-tone="gray"]')).not.toBeNull()
  expect(screen.getAllByRole('listitem')).toHaveLength(3)
})

it.each([[{}], [[]], [3], [true]])('a row of which any column is %j blanks no page: it is shown as text', async (odd) => {
  const lead = { ...aLead(), status: odd, name: odd, phone: odd, updated_by: odd, status_changed_at: odd } as unknown as ReturnType<
    typeof aLead
  >
  const columns = { message: odd, status: odd, state: odd, created_at: odd, sent_at: odd, error_message: odd, error_code: odd }
  const client = await createFakeSyncClient({
    rows: { leads: [lead] },
    read: () => ({
      status: 200,
      body: { sms_messages: [{ ...anSmsMessage({ id: 'sms-1' }), ...columns }, anSmsMessage({ message: 'As ever' })] },
    }),
  })
  await act(async () => {
    render(
      <CriticalButtonsProvider client={client}>
        <LeadStatusButton leadId="lead-123" currentStatus="new" />
        <SendSMSButton leadId="lead-123" message="Hi" />
        <SmsHistory leadId="lead-123" />
      </CriticalButtonsProvider>,
    )
  })
  expect(screen.getByText('As ever')).toBeVisible()
  expect(screen.getAllByRole('listitem')).toHaveLength(2)
  expect(screen.getAllByText(String(odd) || 'As ever').length).toBeGreaterThan(0)
  expect(toLeadView(lead).firstName).toBe(String(odd).split(' ')[0])
})
