import { expect, it } from '@jest/globals'
import { smsSend } from '@org/contracts'
import { anSmsMessage } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SmsHistory } from './SmsHistory.js'

const at = '2026-01-15T10:30:00.000Z'
const sms = { ...anSmsMessage({ state: 'indeterminate', status: 'indeterminate' }), leadId: 'lead-123', sentAt: at }

/** The server lists one, and this device still asks after its own of the same text. */
async function show(listed: object): Promise<void> {
  const client = await createFakeSyncClient({ read: () => ({ status: 200, body: { sms_messages: [listed] } }) })
  await client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'checking')
  await act(async () => {
    render(
      <CriticalButtonsProvider client={client}>
        <SmsHistory leadId="lead-123" />
      </CriticalButtonsProvider>,
    )
  })
}

it('shows an SMS once that this device still asks after and the server already lists', async () => {
  await show(sms)
  expect(await screen.findByText('Checking whether it was sent')).toBeVisible()
  expect(screen.getAllByText('Hi Anna')).toHaveLength(1)
})

it.each([
  ['shows it once also when it was sent before this device was answered', 1_000, 1],
  ['shows a second one of the same text beside an earlier one that was sent', -60_000, 2],
])('%s', async (_, afterMs, count) => {
  const created_at = new Date(Date.now() + afterMs).toISOString()
  const sent = { ...sms, ...anSmsMessage({ state: 'sent', status: 'sent', created_at, sent_at: created_at }) }
  await show(sent)
  expect(await screen.findByText('Sent')).toBeVisible()
  expect(screen.getAllByText('Hi Anna')).toHaveLength(count)
})
