import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import type { SyncClient } from '@org/sync-core'
import { createSyncHarness } from '@org/sync-core/testing'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { SendSMSButton } from '../send-sms-button/SendSMSButton.js'
import { createAnnouncementLog } from '../testing/announcementLog.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

async function show() {
  const client = await createFakeSyncClient({ rows: { leads: [aLead()] } })
  const log = createAnnouncementLog()
  const page = (shown: SyncClient = client) => (
    <CriticalButtonsProvider client={shown} announce={log.announce}>
      <SendSMSButton leadId="lead-123" message="Hi Anna" />
    </CriticalButtonsProvider>
  )
  return { client, log, page, wait: (ms: number) => act(() => void jest.advanceTimersByTime(ms)) }
}

const click = () => act(() => screen.getByRole('button', { name: 'Send SMS' }).click())

describe('what a screen reader hears', () => {
  it('hears pending after a second, and success after the focus is back', async () => {
    const { client, log, page, wait } = await show()
    render(page())
    click()
    wait(999)
    expect(log.texts()).toEqual([])
    wait(1)
    expect(log.entries()).toEqual([{ text: 'Sending SMS to Anna Kim', politeness: 'polite' }])
    await act(() => client.succeed({ success: true, sms: { id: 'sms-1', version: 1 } }))
    wait(149)
    expect(log.texts()).toHaveLength(1)
    wait(1)
    expect(log.texts()).toEqual(['Sending SMS to Anna Kim', 'SMS sent to Anna Kim'])
  })

  it('hears only the ending when it was quick', async () => {
    const { client, log, page, wait } = await show()
    render(page())
    click()
    wait(300)
    await act(() => client.succeed({ success: true, sms: { id: 'sms-1', version: 1 } }))
    wait(5_000)
    expect(log.texts()).toEqual(['SMS sent to Anna Kim'])
  })

  it('hears that a sign-in is what a click waits for', async () => {
    const { client, log, page, wait } = await show()
    render(page())
    click()
    client.world.server.user = null
    await act(() => client.fail('UNAUTHENTICATED'))
    wait(1_000)
    expect(log.texts()).toEqual([
      'Waiting to be sent. You are not signed in, or your session has ended. It is sent as soon as you are signed in again',
    ])
  })

  it('hears attempts at most every five seconds', async () => {
    const { client, log, page, wait } = await show()
    render(page())
    click()
    for (const attempt of [2, 3, 4]) {
      await act(() => client.drive({ phase: 'retrying', attempt }))
      wait(2_000)
    }
    expect(log.texts()).toEqual(['Still sending. Attempt 2 of 5'])
    wait(3_000)
    await act(() => client.drive({ phase: 'retrying', attempt: 5 }))
    wait(0)
    expect(log.texts()).toEqual(['Still sending. Attempt 2 of 5', 'Still sending. Attempt 5 of 5'])
  })

  it('hears an error at once, that it can be tried again, and once', async () => {
    const { client, log, page, wait } = await show()
    render(page())
    click()
    await act(() => client.fail({ code: 'SMS_REJECTED', message: 'Number is blocked.' }))
    wait(0)
    await act(() => client.commit('leads', aLead({ version: 2, updated_by: 'ben' })))
    wait(10_000)
    expect(log.entries()).toEqual([{ text: 'SMS not sent. Number is blocked. Try again is available', politeness: 'assertive' }])
  })

  it('does not hear that trying again is possible when it is not', async () => {
    const { client, log, page, wait } = await show()
    render(page())
    click()
    await act(() => client.fail({ code: 'OPTED_OUT', message: 'This person asked not to get SMS any more.' }))
    wait(0)
    expect(log.texts()).toEqual(['SMS not sent. This person asked not to get SMS any more'])
  })

  it('hears nothing about what was over before the page was opened', async () => {
    const { log, page, wait } = await show()
    const sync = await createSyncHarness()
    sync.server.next('SMS_REJECTED')
    sync.client.submit(smsSend, { leadId: 'lead-123', message: 'Hi Anna' })
    await sync.settle()
    render(page(await sync.reload()))
    wait(10_000)
    expect(screen.getByText(/SMS not sent/)).toBeVisible()
    expect(log.texts()).toEqual([])
  })

  it.each([
    ['queued', 'You are offline. SMS will be sent when you reconnect', 'polite'],
    ['circuit-open', 'Service is busy. Trying again in about 30 seconds', 'polite'],
    ['checking', 'Checking whether it was sent; this can take up to 5 minutes', 'polite'],
    ['unknown', 'Outcome unknown. Look at the record before you try again', 'assertive'],
    ['conflict', 'Not saved. Lead was changed by someone else. Review the change', 'assertive'],
  ] as const)('hears %s in words', async (phase, text, politeness) => {
    const { client, log, page, wait } = await show()
    render(page())
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, phase))
    wait(0)
    expect(log.entries()).toEqual([{ text, politeness }])
  })
})

describe('on screen', () => {
  it('shows no spinner before 250 ms, and one that is shown for at least 400 ms', async () => {
    const { client, page, wait } = await show()
    render(page())
    const button = screen.getByRole('button')
    const icon = () => button.querySelector('[data-part="icon"]')?.getAttribute('data-icon')
    click()
    expect(button).toHaveAttribute('data-state', 'running')
    wait(249)
    expect(icon()).toBeUndefined()
    wait(1)
    expect(icon()).toBe('spinner')
    wait(100)
    await act(() => client.succeed({ success: true, sms: { id: 'sms-1', version: 1 } }))
    expect(button).toHaveAttribute('data-state', 'success')
    expect(icon()).toBe('spinner')
    wait(300)
    expect(icon()).toBe('check')
    expect(button).toHaveTextContent('Sent')
    wait(1_999)
    expect(button).toHaveAttribute('data-state', 'success')
    wait(1)
    expect(button).toHaveAttribute('data-state', 'idle')
    expect(button).toHaveTextContent('Send SMS')
  })

  it('keeps an error on screen until someone acts', async () => {
    const { client, page, wait } = await show()
    render(page())
    click()
    await act(() => client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong.' }))
    wait(600_000)
    expect(screen.getByRole('button', { name: 'Send SMS' })).toHaveAttribute('data-state', 'error')
    act(() => screen.getByRole('button', { name: 'Dismiss' }).click())
    expect(screen.getByRole('button', { name: 'Send SMS' })).toHaveAttribute('data-state', 'idle')
    expect(screen.getByRole('button', { name: 'Send SMS' })).toHaveFocus()
  })
})
