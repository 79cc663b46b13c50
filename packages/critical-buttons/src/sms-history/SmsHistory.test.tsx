import { expect, it } from '@jest/globals'
import { smsSend } from '@org/contracts'
import { render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SmsHistory } from './SmsHistory.js'

const at = '2026-01-15T10:30:00.000Z'
const sms = {
  id: 'sms-1',
  version: 1,
  updated_at: at,
  updated_by: null,
  last_mutation_key: null,
  lead_id: 'lead-123',
  leadId: 'lead-123',
  message: 'Hi Anna',
  template_id: null,
  state: 'indeterminate',
  status: 'indeterminate',
  error_code: null,
  error_message: null,
  sent_at: null,
  sentAt: at,
  created_at: at,
}

it('shows an SMS once that this device still asks after and the server already lists', async () => {
  const client = createFakeSyncClient({ read: () => ({ status: 200, body: { sms_messages: [sms] } }) })
  client.submit(smsSend, { leadId: 'lead-123', message: 'Hi Anna' })
  client.drive({ phase: 'checking', attempt: 1 })
  render(
    <CriticalButtonsProvider client={client}>
      <SmsHistory leadId="lead-123" />
    </CriticalButtonsProvider>,
  )
  expect(await screen.findByText('Checking whether it was sent')).toBeVisible()
  expect(screen.getAllByText('Hi Anna')).toHaveLength(1)
})
