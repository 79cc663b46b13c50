import { smsSend } from '@org/contracts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusBulkUpdateButton } from '../../src/lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { OfflineIndicator } from '../../src/offline-indicator/OfflineIndicator.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { clearStage, one, openStage } from './stage.js'

afterEach(async () => {
  vi.restoreAllMocks()
  await clearStage()
})

const focused = () => document.activeElement?.textContent
const press = (keys: string) => userEvent.keyboard(keys)
const hasFocus = (text: string) => vi.waitFor(() => expect(focused()).toBe(text))

const page = (
  <>
    <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
    <SendSMSButton leadId="lead-123" message="Hi Anna" />
    <LeadStatusButton leadId="lead-123" currentStatus="new" />
    <LeadStatusBulkUpdateButton leadIds={['lead-123']} targetStatus="contacted" variant="disabled" />
  </>
)

describe('by keyboard alone', () => {
  it('reaches every button in order, a disabled one too, and nothing else', async () => {
    await openStage(page)
    const order: unknown[] = []
    for (let step = 0; step < 4; step += 1) {
      await press('{Tab}')
      order.push(focused())
    }
    expect(order).toEqual(['Confirm booking', 'Send SMS', 'New', 'Mark 1 lead as contacted'])
    await press('{Shift>}{Tab}{/Shift}')
    expect(focused()).toBe('New')
  })

  it.each(['{Enter}', ' '])('sends once by %j however long it is held, and keeps the focus', async (key) => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi Anna" />)
    await press('{Tab}')
    await press(key)
    await press(key)
    expect(client.submissions).toHaveLength(1)
    expect(focused()).toBe('Send SMS')
    expect(document.activeElement?.getAttribute('aria-disabled')).toBe('true')
  })

  it('does nothing on a disabled button', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi Anna" variant="disabled" />)
    await press('{Tab}{Enter}')
    expect(client.submissions).toHaveLength(0)
  })

  it('goes round in the question and sends from it', async () => {
    const { client } = await openStage(page)
    await press('{Tab}{Enter}')
    await hasFocus('Cancel')
    await press('{Tab}')
    await hasFocus('Confirm booking')
    expect(document.activeElement?.getAttribute('data-part')).toBe('dialog-confirm')
    await press(' ')
    await vi.waitFor(() => expect(client.submissions).toHaveLength(1))
    // While it works Escape does nothing, and the focus stays where it is.
    await press('{Escape}')
    expect(one('[data-part="dialog"]')).toBeVisible()
    await client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong.' })
    await vi.waitFor(() => expect(one('[data-part="dialog-confirm"]').textContent).toBe('Try again'))
    await press('{Escape}')
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('data-component')).toBe('BookingConfirmButton'))
  })

  it('walks through the menu by arrows, Home, End and letters, and goes round', async () => {
    await openStage(page)
    one('[data-component="LeadStatusButton"]').focus()
    await press('{Enter}')
    await hasFocus('New')
    // Letters typed later than half a second after each other begin a new word: here every key does, save those of "qual".
    let now = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => now)
    const walk = ['{ArrowUp}', '{ArrowDown}', '{End}', '{Home}', '{ArrowDown}', 'p', 'n', 'n', 'qual']
    const seen: unknown[] = []
    for (const keys of walk) {
      now += 1_000
      await press(keys)
      seen.push(focused())
    }
    expect(seen).toEqual(['Lost', 'New', 'Lost', 'New', 'Contacted', 'Proposal Sent', 'Negotiating', 'New', 'Qualified'])
  })

  it.each([
    ['{Enter}', 'Contacted'],
    [' ', 'Contacted'],
  ])('chooses by %j', async (key, label) => {
    const { client } = await openStage(page)
    one('[data-component="LeadStatusButton"]').focus()
    await press('{ArrowDown}')
    await hasFocus('New')
    await press('{ArrowDown}')
    await hasFocus(label)
    await press(key)
    await vi.waitFor(() => expect(client.submissions).toHaveLength(1))
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('data-component')).toBe('LeadStatusButton'))
  })

  it('changes nothing by a letter on the closed button, and leaves the menu by Tab to what follows', async () => {
    const { client } = await openStage(page)
    one('[data-component="LeadStatusButton"]').focus()
    await press('w')
    expect(client.submissions).toHaveLength(0)
    expect(document.querySelector('[role="menu"]')).toBeNull()
    await press('{ArrowUp}')
    await hasFocus('Lost')
    await press('{Tab}')
    await hasFocus('Mark 1 lead as contacted')
    expect(document.querySelector('[role="menu"]')).toBeNull()
  })

  it('reaches what can be done about a state, and the focus comes back when that is gone', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi Anna" />)
    await press('{Tab}{Enter}')
    await client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong.' })
    await vi.waitFor(() => one('[data-action="dismiss"]'))
    await press('{Tab}')
    await hasFocus('Try again')
    await press('{Tab}')
    await hasFocus('Dismiss')
    await press('{Enter}')
    await hasFocus('Send SMS')
    expect(document.activeElement?.getAttribute('data-state')).toBe('idle')
  })

  it('reaches "Sync now" of the indicator', async () => {
    const { client } = await openStage(<OfflineIndicator />)
    await client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' })
    client.syncQueue = vi.fn(async () => {})
    await vi.waitFor(() => one('[data-action="sync"]'))
    await press('{Tab}{Enter}')
    expect(client.syncQueue).toHaveBeenCalledTimes(1)
  })

  it('shows where the focus is', async () => {
    await openStage(page)
    for (let step = 0; step < 4; step += 1) {
      await press('{Tab}')
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
      expect({ outlineStyle, outlineWidth }).toEqual({ outlineStyle: 'solid', outlineWidth: '2px' })
    }
  })
})
