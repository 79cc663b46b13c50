import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { act } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { OfflineIndicator } from '../../src/offline-indicator/OfflineIndicator.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { clearStage, emulate, one, openStage } from './stage.js'

afterEach(clearStage)

const rows = { leads: [aLead()], appointments: [anAppointment()] }
const buttons = (
  <>
    <OfflineIndicator alwaysShown />
    <BookingConfirmButton appointmentId="apt-123" />
    <SendSMSButton leadId="lead-123" message="Hi Anna" variant="with-progress" />
    <LeadStatusButton leadId="lead-123" currentStatus="new" />
  </>
)

function colourOf(keyword: string): string {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.color = keyword
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

describe('in forced colours', () => {
  it('draws a border round everything that is a box', async () => {
    await emulate({ 'forced-colors': 'active' })
    await openStage(buttons, { rows })
    act(() => one('[data-component="LeadStatusButton"]').click())
    for (const selector of [
      '.cb-indicator',
      '.cb-menu',
      '[data-component="BookingConfirmButton"]',
      '[data-component="LeadStatusButton"]',
    ]) {
      const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(one(selector))
      expect([selector, borderTopWidth, borderTopStyle]).toEqual([selector, '1px', 'solid'])
      expect(borderTopColor).not.toBe(backgroundColor)
    }
  })

  it('tells states by a sign in a colour of the system, and disabled by GrayText', async () => {
    await emulate({ 'forced-colors': 'active' })
    const { client } = await openStage(buttons, { rows })
    await act(() => client.click(bookingConfirm, { appointmentId: 'apt-123' }, 'error'))
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'running'))
    await act(() => client.click(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' }, 'queued'))
    const sign = one('[data-component="BookingConfirmButton"] [data-icon="error"]')
    expect(getComputedStyle(sign)).toMatchObject({ forcedColorAdjust: 'none', backgroundColor: colourOf('ButtonText') })
    expect(sign.getBoundingClientRect().width).toBeGreaterThan(12)
    expect(getComputedStyle(one('[data-component="LeadStatusButton"]')).borderTopStyle).toBe('dashed')
    expect(getComputedStyle(one('[data-component="SendSMSButton"]')).color).toBe(colourOf('GrayText'))
    expect(getComputedStyle(one('.cb-progress-track')).borderTopColor).toBe(colourOf('CanvasText'))
    expect(getComputedStyle(one('.cb-progress-fill')).backgroundColor).toBe(colourOf('Highlight'))
  })

  it('marks the item with the focus and the present status in the menu', async () => {
    await emulate({ 'forced-colors': 'active' })
    await openStage(buttons, { rows })
    act(() => one('[data-component="LeadStatusButton"]').click())
    const present = one('[aria-checked="true"]')
    expect(document.activeElement).toBe(present)
    expect(getComputedStyle(present).outlineStyle).toBe('solid')
    expect(getComputedStyle(present, '::after')).toMatchObject({ backgroundColor: colourOf('ButtonText') })
  })
})

describe('with reduced motion', () => {
  it('moves nothing, and shows a still spinner with its words', async () => {
    await emulate({ 'prefers-reduced-motion': 'reduce' })
    const { client } = await openStage(buttons, { rows })
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'retrying'))
    await vi.waitFor(() => one('[data-icon="spinner"]'))
    expect(document.getAnimations()).toEqual([])
    expect(getComputedStyle(one('[data-icon="spinner"]')).borderTopStyle).toBe('dotted')
    expect(one('[data-part="progress"]')).toHaveTextContent('Attempt 2 of 5')
  })

  it('moves the spinner and the bar otherwise', async () => {
    const { client } = await openStage(buttons, { rows })
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'retrying'))
    await vi.waitFor(() => one('[data-icon="spinner"]'))
    expect(document.getAnimations().length).toBeGreaterThan(1)
  })
})
