import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { HOSTS } from './hosts.js'
import { clearStage, one, openStage, painted, SHEETS } from './stage.js'

afterEach(clearStage)

const trigger = () => page.getByRole('button', { name: 'Confirm booking' })
const status = () => page.getByRole('button', { name: /Status of Anna Kim/ })
const hasFocus = (element: Element) => vi.waitFor(() => expect(document.activeElement).toBe(element))

// Hosts without a style sheet of their own lie under their backdrop otherwise.
const HOST_CSS = '[data-host] { position: fixed; inset: 10%; z-index: 10; background: white; }'

describe.each(Object.entries(HOSTS))('inside %s', (name, Host) => {
  const onClose = vi.fn()
  beforeEach(async () => {
    onClose.mockClear()
    await userEvent.unhover(document.body)
  })

  async function open() {
    const stage = await openStage(
      <Host onClose={onClose}>
        <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" subject={name} />
        <LeadStatusButton leadId="lead-123" currentStatus="new" />
      </Host>,
      { styles: [SHEETS.layered, HOST_CSS] },
    )
    await vi.waitFor(() => expect(one('[data-host]')).toBeVisible())
    await painted()
    return stage
  }

  it('asks on top of it, and Escape closes only the question', async () => {
    await open()
    await trigger().click()
    const dialog = one('[data-part="dialog"]')
    expect(dialog.matches(':modal')).toBe(true)
    expect(isOnTop(dialog)).toBe(true)
    await hasFocus(one('[data-part="dialog-cancel"]'))
    await userEvent.keyboard('{Escape}')
    await hasFocus(one('[data-component="BookingConfirmButton"]'))
    expect(document.querySelector('[data-part="dialog"]')).toBeNull()
    expect(onClose).not.toHaveBeenCalled()
    expect(isOnTop(one('[data-component="BookingConfirmButton"]'))).toBe(true)
  })

  it('keeps the focus in the question, sends by click, and gives the focus back', async () => {
    const { client } = await open()
    await trigger().click()
    await hasFocus(one('[data-part="dialog-cancel"]'))
    await userEvent.keyboard('{Tab}')
    await hasFocus(one('[data-part="dialog-confirm"]'))
    await page.getByRole('alertdialog').getByRole('button', { name: 'Confirm booking' }).click()
    await vi.waitFor(() => expect(client.submissions).toHaveLength(1))
    await client.succeed()
    await hasFocus(one('[data-component="BookingConfirmButton"]'))
    expect(onClose).not.toHaveBeenCalled()
  })

  it('opens the menu on top of it, takes a choice by mouse, and Escape closes only the menu', async () => {
    const { client } = await open()
    await status().click()
    expect(isOnTop(one('[role="menu"]'))).toBe(true)
    await userEvent.keyboard('{Escape}')
    await hasFocus(one('[data-component="LeadStatusButton"]'))
    expect(document.querySelector('[role="menu"]')).toBeNull()
    await status().click()
    await page.getByRole('menuitemradio', { name: 'Qualified' }).click()
    await vi.waitFor(() => expect(client.submissions.map(({ request }) => request)).toMatchObject([{ status: 'qualified' }]))
    await hasFocus(one('[data-component="LeadStatusButton"]'))
    expect(onClose).not.toHaveBeenCalled()
  })

  it('works by keyboard alone', async () => {
    const { client } = await open()
    one('[data-component="LeadStatusButton"]').focus()
    await userEvent.keyboard('{ArrowDown}')
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('New'))
    await userEvent.keyboard('{ArrowDown}{Enter}')
    await vi.waitFor(() => expect(client.submissions.map(({ request }) => request)).toMatchObject([{ status: 'contacted' }]))
    await hasFocus(one('[data-component="LeadStatusButton"]'))
    expect(onClose).not.toHaveBeenCalled()
  })

  it('announces inside of it, where a screen reader still listens', async () => {
    const { client } = await open()
    await trigger().click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Confirm booking' }).click()
    await vi.waitFor(() => expect(client.submissions).toHaveLength(1))
    await client.succeed()
    const heard = () =>
      [...document.querySelectorAll('[data-cb-live] > div')].filter((line) => line.textContent?.startsWith('Booking confirmed'))
    await vi.waitFor(() => expect(heard()).toHaveLength(1))
    expect(one('[data-host]').contains(heard()[0] ?? null)).toBe(true)
    expect(heard()[0]?.closest('[inert], [aria-hidden="true"]')).toBeNull()
  })

  it('leaves Escape to the modal when nothing of ours is open', async () => {
    await open()
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(onClose).toHaveBeenCalledTimes(1))
  })
})

/** True when a click in the middle of the element would reach it. */
function isOnTop(element: Element): boolean {
  const { left, top, width, height } = element.getBoundingClientRect()
  const hit = document.elementFromPoint(left + width / 2, top + height / 2)
  return hit !== null && element.contains(hit)
}
