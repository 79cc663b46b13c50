import { bookingConfirm, smsSend } from '@org/contracts'
import { act } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import type { ButtonLook } from '../../src/critical-button/buttonProps.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import type { PhaseSetting } from '../../src/testing/PhaseSetting.js'
import { clearStage, emulate, one, openStage, painted } from './stage.js'

afterEach(async () => {
  await clearStage()
  await page.viewport(414, 896)
})

const BOOKING = '[data-component="BookingConfirmButton"]'
const SMS = '[data-component="SendSMSButton"]'
const LOOKS: ButtonLook[] = ['solid', 'outline', 'quiet', 'danger']
const PHASES: PhaseSetting['phase'][] = ['running', 'retrying', 'queued', 'circuit-open', 'checking', 'conflict', 'error', 'unknown']
const styleOf = (selector: string) => getComputedStyle(one(selector))

describe('a size', () => {
  it.each([
    ['sm', 28, 24],
    ['md', 36, 28],
    ['lg', 44, 36],
  ] as const)('%s is %i px high, and a status %i', async (size, height, chip) => {
    await openStage(
      <>
        <BookingConfirmButton appointmentId="apt-123" size={size} />
        <LeadStatusButton leadId="lead-123" currentStatus="new" size={size} />
      </>,
    )
    expect(one(BOOKING).getBoundingClientRect().height).toBe(height)
    expect(one('[data-component="LeadStatusButton"]').getBoundingClientRect().height).toBe(chip)
  })
})

describe.each(LOOKS)('the look %s', (look) => {
  it('changes under the pointer, when pressed, and with the focus of the keyboard', async () => {
    await openStage(<BookingConfirmButton appointmentId="apt-123" look={look} />)
    await userEvent.unhover(document.body)
    const atRest = styleOf(BOOKING).backgroundColor
    await userEvent.hover(one(BOOKING))
    expect(styleOf(BOOKING).backgroundColor).not.toBe(atRest)
    await userEvent.unhover(one(BOOKING))
    await userEvent.keyboard('{Tab}')
    expect(document.activeElement).toBe(one(BOOKING))
    expect(styleOf(BOOKING).outlineStyle).toBe('solid')
  })

  it('has a border in forced colours', async () => {
    await emulate({ 'forced-colors': 'active' })
    await openStage(<BookingConfirmButton appointmentId="apt-123" look={look} />)
    const { borderTopWidth, borderTopColor, backgroundColor } = styleOf(BOOKING)
    expect(borderTopWidth).toBe('1px')
    expect(borderTopColor).not.toBe(backgroundColor)
  })

  it.each(PHASES)('fits a screen of 320 px while it is %s, from right to left and at twice the size too', async (phase) => {
    await page.viewport(320, 640)
    document.documentElement.dir = 'rtl'
    document.documentElement.style.fontSize = '200%'
    const { client } = await openStage(
      <BookingConfirmButton appointmentId="apt-123" look={look} size="lg" fullWidth variant="with-progress" />,
    )
    await act(() => client.click(bookingConfirm, { appointmentId: 'apt-123' }, phase))
    await painted()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320)
  })
})

describe('full width', () => {
  it('is as wide as what it is in', async () => {
    await openStage(
      <div style={{ inlineSize: 300 }}>
        <BookingConfirmButton appointmentId="apt-123" fullWidth />
      </div>,
    )
    expect(one(BOOKING).getBoundingClientRect().width).toBe(300)
  })
})

describe('a drawing alone', () => {
  it('is a square with the label as its name and title, at rest and in every state', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi" iconOnly />)
    const box = () => one(SMS).getBoundingClientRect()
    expect(one(SMS)).toHaveAccessibleName('Send SMS')
    expect(one(SMS).title).toBe('Send SMS')
    expect(one(SMS)).toHaveTextContent('')
    const atRest = [box().width, box().height]
    expect(atRest).toEqual([36, 36])
    for (const phase of PHASES) {
      const { id } = await act(() => client.click(smsSend, { leadId: 'lead-123', message: `Hi ${phase}` }, phase))
      await painted()
      expect([phase, box().width, box().height]).toEqual([phase, ...atRest])
      expect(one(SMS)).toHaveAccessibleName('Send SMS')
      await act(() => client.cancel(id))
      await act(async () => client.dismiss(id))
    }
  })
})

describe('a compact status', () => {
  it.each([...PHASES, 'success'] as const)('leaves a row its height and its columns their width while it is %s', async (phase) => {
    const { client } = await openStage(
      <table style={{ inlineSize: 380 }}>
        <tbody>
          <tr id="row">
            <td id="name">David Okafor</td>
            <td>
              <BookingConfirmButton appointmentId="apt-123" status="compact" variant="with-progress" />
            </td>
          </tr>
        </tbody>
      </table>,
    )
    const sizes = () => [one('#row').getBoundingClientRect().height, Math.round(one('#name').getBoundingClientRect().width)]
    await painted()
    const atRest = sizes()
    act(() => one(BOOKING).click())
    await act(() => client.drive(phase))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(sizes()).toEqual(atRest)
  })

  it('opens its words by pressing, acts, and gives the focus to the button when it is gone', async () => {
    const { client } = await openStage(<BookingConfirmButton appointmentId="apt-123" status="compact" />)
    await act(() => client.click(bookingConfirm, { appointmentId: 'apt-123' }, 'error'))
    const toggle = page.getByRole('button', { name: /Booking not confirmed/ })
    expect(one(BOOKING)).toHaveAccessibleDescription(/Booking not confirmed/)
    one('[data-part="status-toggle"]').focus()
    await userEvent.keyboard('{Enter}')
    await expect.element(toggle).toHaveAttribute('aria-expanded', 'true')
    expect(one('[data-part="status-popover"]').matches(':popover-open')).toBe(true)
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(document.querySelector('[data-part="status-popover"]')).toBeNull())
    await userEvent.keyboard('{Enter}')
    await userEvent.keyboard('{Tab}{Tab}')
    await vi.waitFor(() => expect(document.activeElement).toHaveTextContent('Dismiss'))
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(document.activeElement).toBe(one(BOOKING)))
  })
})

describe('the width that is kept after a click', () => {
  const room = (width: number) => (
    <div id="room" style={{ inlineSize: width }}>
      <SendSMSButton leadId="lead-123" message="Hi" fullWidth />
    </div>
  )

  it('is given up when there is less room, as on a phone that was turned', async () => {
    await openStage(room(380))
    act(() => one(SMS).click())
    expect(one(SMS).style.minInlineSize).toBe('380px')
    one('#room').style.inlineSize = '200px'
    await vi.waitFor(() => expect(one(SMS).getBoundingClientRect().width).toBe(200))
  })

  it('is given up when the page gets another width', async () => {
    await openStage(<SendSMSButton leadId="lead-123" message="Hi" />)
    act(() => one(SMS).click())
    expect(one(SMS).style.minInlineSize).not.toBe('')
    await page.viewport(800, 400)
    await vi.waitFor(() => expect(one(SMS).style.minInlineSize).toBe(''))
  })

  it('is given up with what was shown, and follows a label that grows meanwhile', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi" />)
    act(() => one(SMS).click())
    await act(() => client.drive('queued'))
    const kept = one(SMS).getBoundingClientRect().width
    one(`${SMS} .cb-label`).textContent = 'Send an SMS to all of them at once'
    expect(one(SMS).getBoundingClientRect().width).toBeGreaterThan(kept)
    await act(() => client.succeed())
    await act(async () => client.dismiss(client.submissions[0]?.id ?? ''))
    await vi.waitFor(() => expect(one(SMS).style.minInlineSize).toBe(''))
  })
})
