import { leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { act } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusBulkUpdateButton } from '../../src/lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { OfflineIndicator } from '../../src/offline-indicator/OfflineIndicator.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { SmsHistory } from '../../src/sms-history/SmsHistory.js'
import inspectorCss from '../../src/styles/inspector.css?inline'
import { SyncInspector } from '../../src/sync-inspector/SyncInspector.js'
import { clearStage, one, openStage, painted, SHEETS } from './stage.js'

afterEach(async () => {
  await clearStage()
  await page.viewport(414, 896)
})

const LONG = 'Wolfeschlegelsteinhausenbergerdorff-Donaudampfschifffahrtsgesellschaft'
const rows = { leads: [aLead({ name: LONG })] }
const everything = (
  <>
    <OfflineIndicator alwaysShown />
    <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" subject={LONG} />
    <SendSMSButton leadId="lead-123" message="Hi Anna" variant="with-progress" />
    <LeadStatusButton leadId="lead-123" currentStatus="new" />
    <LeadStatusBulkUpdateButton leadIds={['lead-123']} targetStatus="contacted" />
    <SmsHistory leadId="lead-123" />
    <SyncInspector />
  </>
)

const HOST = "body { margin: 8px; font-family: 'DejaVu Sans' }"
// 200 % zoom leaves a window of 1280 px with 640, one of 640 with 320: the width is halved and nothing else.
const SCREENS = [
  ['320 px wide', 320, 640, ''],
  ['at 200 % zoom', 640, 360, ''],
  ['with text of twice the size', 640, 720, 'html { font-size: 200% }'],
] as const

describe.each(SCREENS)('%s', (_name, width, height, css) => {
  const open = async () => {
    await page.viewport(width, height)
    const stage = await openStage(everything, { rows, styles: [SHEETS.layered, inspectorCss, HOST, css] })
    await act(() => stage.client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'retrying'))
    await act(() => stage.client.click(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' }, 'error'))
    await painted()
    expect(window.innerWidth).toBe(width)
    return stage
  }

  it('needs no scrolling sideways and cuts nothing off', async () => {
    await open()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    for (const element of document.querySelectorAll<HTMLElement>('.cb-button, .cb-status, .cb-indicator, .cb-history-entry, .cb-action')) {
      expect(element.scrollWidth, element.className).toBeLessThanOrEqual(element.clientWidth || element.offsetWidth)
    }
  })

  it('lets no control lie on another, and makes each 24 px high or more', async () => {
    await open()
    const boxes = [...document.querySelectorAll<HTMLElement>('.cb-button, .cb-action')].map((element) => element.getBoundingClientRect())
    for (const [index, box] of boxes.entries()) {
      expect(box.height).toBeGreaterThanOrEqual(24)
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false)
    }
  })

  it('keeps the menu on the screen, wherever its button is', async () => {
    await open()
    const button = one('[data-component="LeadStatusButton"]')
    for (const where of ['start', 'end', 'center'] as const) {
      button.scrollIntoView({ block: where })
      act(() => button.click())
      await painted()
      expectOnScreen(one('[role="menu"]'))
      act(() => button.click())
    }
  })

  it('keeps the question on the screen, with a long word in it', async () => {
    await open()
    act(() => one('[data-component="BookingConfirmButton"]').click())
    await painted()
    const dialog = one('[data-part="dialog"]')
    expectOnScreen(dialog)
    expect(dialog).toHaveTextContent(LONG)
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth)
  })
})

describe('right to left', () => {
  it('mirrors buttons, aligns the menu to their right edge and keeps it on the screen', async () => {
    document.documentElement.dir = 'rtl'
    await page.viewport(640, 480)
    await openStage(<LeadStatusButton leadId="lead-123" currentStatus="new" />, { rows, styles: [SHEETS.layered, HOST] })
    const button = one('[data-component="LeadStatusButton"]')
    act(() => button.click())
    await painted()
    const menu = one('[role="menu"]')
    expectOnScreen(menu)
    expect(menu.getBoundingClientRect().right).toBeCloseTo(button.getBoundingClientRect().right, 0)
    const item = one('[aria-checked="true"]')
    const swatch = item.querySelector('.cb-swatch')?.getBoundingClientRect()
    const label = item.querySelector('.cb-menu-label')?.getBoundingClientRect()
    expect(swatch?.left).toBeGreaterThan(label?.left ?? 0)
  })

  it('puts status lines and progress under the right edge of their button', async () => {
    document.documentElement.dir = 'rtl'
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi Anna" variant="with-progress" />, { rows })
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'retrying'))
    const right = one('[data-component="SendSMSButton"]').getBoundingClientRect().right
    for (const part of ['status', 'progress']) expect(one(`[data-part="${part}"]`).getBoundingClientRect().right).toBeCloseTo(right, 0)
  })
})

function overlap(a: DOMRect, b: DOMRect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function expectOnScreen(element: Element): void {
  const { left, top, right, bottom } = element.getBoundingClientRect()
  expect(left).toBeGreaterThanOrEqual(0)
  expect(top).toBeGreaterThanOrEqual(0)
  expect(right).toBeLessThanOrEqual(document.documentElement.clientWidth)
  expect(bottom).toBeLessThanOrEqual(window.innerHeight)
}
