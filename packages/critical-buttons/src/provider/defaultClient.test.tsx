import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { anAppointment } from '@org/contracts/testing'
import type { Transport } from '@org/sync-core'
import { FakeBrowser, FakeServer } from '@org/sync-core/testing'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { BookingConfirmButton } from '../booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../lead-status-button/LeadStatusButton.js'
import { CriticalButtonsProvider } from './CriticalButtonsProvider.js'
import type { CriticalButtonsOptions } from './createLoggedClient.js'
import { configureCriticalButtons, getDefaultClient, getOfflineQueue, getRealtimeSyncService, syncOfflineQueue } from './defaultClient.js'
import { telemetryLogOf } from './telemetryLog.js'

function world(): { server: FakeServer; options: CriticalButtonsOptions; setOnline: (online: boolean) => void } {
  const browser = new FakeBrowser()
  const tab = browser.openTab()
  const server = new FakeServer({ user: { actor: 'user-456', tenant: 'org-1' }, now: Date.now })
  server.seed('appointments', [anAppointment()])
  const transport: Transport = server.transport(() => browser.isOnline)
  const { openStorage: storage, openTabChannel: tabChannel, connectivity, locks } = tab
  return { server, options: { transport, storage, tabChannel, connectivity, locks }, setOnline: (online) => browser.setOnline(online) }
}

afterEach(() => {
  cleanup()
  getDefaultClient().destroy()
})

describe('configureCriticalButtons', () => {
  it('serves buttons without a provider, and the functions of the guide', async () => {
    const { server, options, setOnline } = world()
    const onTelemetry = jest.fn()
    configureCriticalButtons({ ...options, onTelemetry })
    const events: unknown[] = []
    const unsubscribe = getRealtimeSyncService().subscribe('appointments', (event) => events.push(event))
    render(<BookingConfirmButton appointmentId="apt-123" />)
    const button = screen.getByRole('button')
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'))

    act(() => setOnline(false))
    act(() => button.click())
    await waitFor(() => expect(getOfflineQueue()).toMatchObject([{ action: 'booking.confirm', state: 'queued', attempts: 0 }]))
    act(() => setOnline(true))
    await act(() => syncOfflineQueue())
    await waitFor(() => expect(button).toHaveTextContent('Confirmed'))
    expect(server.effects).toHaveLength(1)
    expect(getOfflineQueue()).toEqual([])
    expect(getRealtimeSyncService().getSubscriptions()).toMatchObject([{ key: 'appointments' }])
    expect(onTelemetry).toHaveBeenCalledWith(expect.objectContaining({ type: 'submitted', action: 'booking.confirm' }))
    expect(telemetryLogOf(getDefaultClient()).get()).toContainEqual(expect.objectContaining({ type: 'settled' }))
    unsubscribe()
  })

  it('lets mounted buttons go on with the new client when it is called again', async () => {
    const first = world()
    configureCriticalButtons(first.options)
    render(<BookingConfirmButton appointmentId="apt-123" />)
    const second = world()
    act(() => configureCriticalButtons(second.options))
    const button = screen.getByRole('button')
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'))
    act(() => button.click())
    await waitFor(() => expect(button).toHaveTextContent('Confirmed'))
    expect(second.server.effects).toHaveLength(1)
    expect(first.server.effects).toHaveLength(0)
  })
})

describe('CriticalButtonsProvider', () => {
  it('makes a client from options, and closes it when it is gone for good', async () => {
    const { server, options } = world()
    const { unmount } = render(
      <CriticalButtonsProvider options={options}>
        <BookingConfirmButton appointmentId="apt-123" />
      </CriticalButtonsProvider>,
    )
    const button = screen.getByRole('button')
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'))
    act(() => button.click())
    await waitFor(() => expect(button).toHaveTextContent('Confirmed'))
    expect(server.effects).toHaveLength(1)
    unmount()
  })

  it('lays words over the English ones, for one button, for a page and for a part of it', async () => {
    render(
      <CriticalButtonsProvider
        options={world().options}
        messages={{ actions: { 'booking.confirm': { label: () => 'Termin bestätigen' } } }}
      >
        <BookingConfirmButton appointmentId="a" />
        <BookingConfirmButton appointmentId="b" messages={{ label: () => 'Own words' }} />
        <CriticalButtonsProvider messages={{ actions: { 'booking.confirm': { label: () => 'Inner words' } } }}>
          <BookingConfirmButton appointmentId="c" />
        </CriticalButtonsProvider>
      </CriticalButtonsProvider>,
    )
    await waitFor(() => expect(screen.getByText('Own words').parentElement).not.toHaveAttribute('aria-disabled'))
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['Termin bestätigen', 'Own words', 'Inner words'])
  })

  it('takes the statuses of leads from options', async () => {
    render(
      <CriticalButtonsProvider options={{ ...world().options, leadStatuses: [{ value: 'inbox', label: 'Inbox' }] }}>
        <LeadStatusButton leadId="a" currentStatus="inbox" />
      </CriticalButtonsProvider>,
    )
    await waitFor(() => expect(screen.getByRole('button')).not.toHaveAttribute('aria-disabled'))
    expect(screen.getByRole('button')).toHaveTextContent('Inbox')
  })
})
