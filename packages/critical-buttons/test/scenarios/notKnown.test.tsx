import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { FakeFault } from '@org/sync-core/testing'
import { act, screen } from '@testing-library/react'
import { BookingConfirmButton, OfflineIndicator, SendSMSButton } from '../../src/index.js'
import { createAnnouncementLog } from '../../src/testing/announcementLog.js'
import { closePages, openPage } from '../harness.js'

afterEach(closePages)

const rows = { appointments: [anAppointment()], leads: [aLead()] }
const button = (name: string) => screen.getByRole('button', { name })
const page = (status: number) => ({ status, body: undefined, echo: false })

/** A click of which an attempt may have arrived, and which something on the way then turns away three times, while another click succeeds. */
async function turnedAway(first: FakeFault, status: number) {
  const log = createAnnouncementLog()
  const onError = jest.fn()
  const onSuccess = jest.fn()
  const content = (
    <>
      <OfflineIndicator alwaysShown />
      <BookingConfirmButton appointmentId="apt-123" onError={onError} onSuccess={onSuccess} />
      <SendSMSButton leadId="lead-123" message="Hi Anna" />
    </>
  )
  const opened = await openPage(content, { rows }, { announce: log.announce })
  const { server, client } = opened.sync
  server.next(first)
  act(() => button('Confirm booking').click())
  await opened.rest()
  const id = client.getQueue()[0]?.id ?? ''
  server.answerKey(id, page(status))
  await opened.advance(1_500)
  act(() => button('Send SMS').click())
  await opened.advance(5_000)
  return { ...opened, id, log, onError, onSuccess }
}

describe.each([403, 413, 429])('a booking that something on the way answers with %i', (status) => {
  it.each(['lost-response', 'network'] as const)(
    'may have taken effect, is never called "not", and ends as it stands (%s)',
    async (first) => {
      const { sync, id, log, onError, onSuccess, advance } = await turnedAway(first, status)
      // Where it has arrived, the record may say so already.
      const confirm = screen.getByRole('button', { name: /^Confirm/ })
      expect(confirm).toHaveAttribute('data-state', 'checking')
      expect(confirm).toHaveAccessibleDescription(/^It may have taken effect already\. The server has not answered about it yet/)
      expect(screen.getByRole('button', { name: 'Try now' })).toBeVisible()
      expect(screen.queryByText(/All sent|attention/)).toBeNull()
      expect(document.body).not.toHaveTextContent(/not confirmed|waiting to be sent|will be confirmed/i)
      expect(log.texts().filter((text) => /not confirmed|waiting|will be confirmed/i.test(text))).toEqual([])
      expect(onError).not.toHaveBeenCalled()

      sync.server.answerKey(id, undefined)
      await advance(31_000)
      expect(button('Confirmed')).toHaveAttribute('data-state', 'success')
      expect(sync.server.effects.filter((key) => key === id)).toHaveLength(1)
      expect(onSuccess).toHaveBeenCalledTimes(1)
    },
  )
})

it('says that it is done and cannot be read, hands nothing over, and leaves the next click free', async () => {
  const [onSuccess, onError, onSettled] = [jest.fn(), jest.fn(), jest.fn()]
  const log = createAnnouncementLog()
  const content = <SendSMSButton leadId="lead-123" message="Hi Anna" onSuccess={onSuccess} onError={onError} onSettled={onSettled} />
  const opened = await openPage(content, { rows }, { announce: log.announce })
  opened.sync.server.hold()
  act(() => button('Send SMS').click())
  await opened.rest()
  const id = opened.sync.client.getQueue()[0]?.id ?? ''
  opened.sync.server.answerKey(id, { status: 200, body: { success: true }, headers: { 'Idempotency-Outcome': 'recorded' } })
  act(() => opened.sync.server.release())
  await opened.advance(120_000)
  expect(button('Sent')).toHaveAttribute('data-state', 'success')
  expect(button('Sent')).toHaveAccessibleDescription('Done, but the details of the answer could not be read')
  expect([onSuccess, onError, onSettled].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 1])
  expect(button('Sent')).not.toHaveAttribute('aria-disabled')
  act(() => button('Dismiss').click())
  await opened.rest()
  expect(button('Send SMS')).toHaveAttribute('data-state', 'idle')
})

it('says of a click that went offline after an attempt only that it may have taken effect', async () => {
  const opened = await openPage(<BookingConfirmButton appointmentId="apt-123" />, { rows })
  opened.sync.server.next('lost-response')
  act(() => button('Confirm booking').click())
  await opened.rest()
  await act(() => opened.sync.goOffline())
  expect(button('Confirm booking')).toHaveAccessibleDescription(
    'You are offline. It may have taken effect already. That is settled when you reconnect',
  )
})
