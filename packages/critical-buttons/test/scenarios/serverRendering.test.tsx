import { describe, expect, it } from '@jest/globals'
import { aLead, anAppointment } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import {
  BookingConfirmButton,
  CriticalButtonsProvider,
  getOfflineQueue,
  getRealtimeSyncService,
  LeadStatusBulkUpdateButton,
  LeadStatusButton,
  OfflineIndicator,
  SendSMSButton,
  SmsHistory,
} from '../../src/index.js'
import { idleClient } from '../../src/provider/idleClient.js'
import { createFakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { countListeners } from '../countListeners.js'

function Page() {
  return (
    <StrictMode>
      <OfflineIndicator />
      <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
      <SendSMSButton leadId="lead-123" message="Hi" variant="with-progress" />
      <LeadStatusButton leadId="lead-123" currentStatus="new" />
      <LeadStatusBulkUpdateButton leadIds={['lead-123']} targetStatus="contacted" />
      <SmsHistory leadId="lead-123" />
    </StrictMode>
  )
}

describe('rendering on a server', () => {
  it('renders every component at rest, not clickable yet', () => {
    const html = renderToString(
      <CriticalButtonsProvider client={idleClient}>
        <Page />
      </CriticalButtonsProvider>,
    )
    expect(html.match(/data-state="idle"/g)).toHaveLength(4)
    expect(html.match(/aria-disabled="true"/g)).toHaveLength(4)
    expect(html).toContain('Confirm booking')
  })

  it('hydrates without a word of complaint, although the client knows more by then, and comes alive', async () => {
    const client = await createFakeSyncClient({
      rows: { appointments: [anAppointment({ status: 'confirmed' })], leads: [aLead({ status: 'qualified' })] },
      read: () => ({ status: 200, body: { sms_messages: [] } }),
    })
    await client.goOffline()
    const listeners = countListeners(client)
    const content = (
      <CriticalButtonsProvider client={client}>
        <Page />
      </CriticalButtonsProvider>
    )
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = renderToString(content)
    const complaints: unknown[] = []
    const root = await act(async () => hydrateRoot(container, content, { onRecoverableError: (error) => complaints.push(error) }))
    expect(complaints).toEqual([])
    expect(screen.getByText('Confirmed')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Status of Anna Kim: Qualified' })).not.toHaveAttribute('aria-disabled')
    // A slow machine has said it to screen readers by now, too.
    expect(screen.getByText('Offline', { selector: '[data-part=label]' })).toBeInTheDocument()
    expect(listeners()).toBeGreaterThan(0)
    await act(async () => root.unmount())
    expect(listeners()).toBe(0)
    container.remove()
  })

  it('offers the service functions where nothing ever happens', () => {
    // A server has no window; here the idle client stands for it.
    expect(idleClient.realtime.subscribe('leads', () => {})).toBeInstanceOf(Function)
    expect(idleClient.realtime.getSubscriptions()).toEqual([])
    expect(idleClient.getQueue()).toEqual([])
    expect(() => idleClient.submit({} as never, {} as never)).toThrow('There is no sync client on a server')
    expect([getRealtimeSyncService, getOfflineQueue]).toHaveLength(2)
  })
})
