import { bookingConfirm } from '@org/contracts'
import { act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { clearStage, one, openStage } from './stage.js'

const heard: string[] = []
const hear = (event: { type: string; key?: string }) => void heard.push([event.type, event.key].filter(Boolean).join(' '))

afterEach(async () => {
  heard.length = 0
  await clearStage()
})

/** A row as applications write it: it opens by click, double click, Enter and Space, and is picked up by pointer. */
function Row({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: stands for a host's row
    <div
      role="row"
      onClick={hear}
      onDoubleClick={hear}
      onAuxClick={hear}
      onPointerDown={hear}
      onPointerUp={hear}
      onMouseDown={hear}
      onMouseUp={hear}
      onKeyDown={hear}
      onKeyUp={hear}
    >
      {children}
    </div>
  )
}

const confirm = (
  <Row>
    <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
  </Row>
)
const trigger = () => one('[data-component="BookingConfirmButton"]')
const settled = () => new Promise((resolve) => setTimeout(resolve, 60))

describe('a row that opens by click and by key', () => {
  it('hears nothing of a press, a double click or a middle click on the button', async () => {
    await openStage(confirm)
    await page.getByRole('button').click()
    await userEvent.keyboard('{Escape}')
    await userEvent.dblClick(page.getByRole('button'))
    await userEvent.keyboard('{Escape}')
    await page.getByRole('button').click({ button: 'middle' })
    expect(heard).toEqual([])
  })

  it.each([['{Enter}'], [' ']])('hears nothing of %j on the button, in its question and afterwards', async (key) => {
    const { client } = await openStage(confirm)
    trigger().focus()
    await userEvent.keyboard(key)
    await vi.waitFor(() => expect(document.activeElement).toBe(one('[data-part="dialog-cancel"]')))
    await userEvent.keyboard('{Tab}')
    await userEvent.keyboard(key)
    await vi.waitFor(() => expect(client.submissions).toHaveLength(1))
    await userEvent.keyboard('{Escape}')
    expect(heard).toEqual([])
  })

  it('hears nothing of the menu, whatever is pressed in it', async () => {
    const { client } = await openStage(
      <Row>
        <LeadStatusButton leadId="lead-123" currentStatus="new" />
      </Row>,
    )
    one('[data-component="LeadStatusButton"]').focus()
    await userEvent.keyboard('{ArrowDown}')
    await userEvent.keyboard('{ArrowDown}{End}{Home}q{Enter}')
    await vi.waitFor(() => expect(client.submissions.map(({ request }) => request)).toMatchObject([{ status: 'qualified' }]))
    await settled()
    expect(heard).toEqual([])
  })

  it.each(['line', 'compact'] as const)('hears nothing of what can be done in the status (%s)', async (status) => {
    const { client } = await openStage(
      <Row>
        <BookingConfirmButton appointmentId="apt-123" status={status} />
      </Row>,
    )
    await act(() => client.click(bookingConfirm, { appointmentId: 'apt-123' }, 'circuit-open'))
    client.retry = vi.fn()
    if (status === 'compact') await userEvent.click(one('[data-part="status-toggle"]'))
    await page.getByRole('button', { name: 'Try now' }).click()
    document.querySelector<HTMLElement>('[data-action="tryNow"], [data-part="status-toggle"]')?.focus()
    await userEvent.keyboard('{Enter} ')
    expect(client.retry).toHaveBeenCalled()
    expect(heard).toEqual([])
  })

  it('hears the arrows, Tab, Home and End of the button, by which grids move', async () => {
    await openStage(confirm)
    trigger().focus()
    await userEvent.keyboard('{ArrowLeft}{ArrowDown}{Home}{End}{Tab}')
    expect(heard.filter((event) => event.startsWith('keydown'))).toEqual(
      ['ArrowLeft', 'ArrowDown', 'Home', 'End', 'Tab'].map((key) => `keydown ${key}`),
    )
  })

  it('hears nothing of a button that can do nothing', async () => {
    await openStage(
      <Row>
        <BookingConfirmButton appointmentId="apt-123" variant="disabled" />
      </Row>,
    )
    await userEvent.click(trigger(), { force: true })
    trigger().focus()
    await userEvent.keyboard('{Enter} ')
    expect(heard).toEqual([])
  })

  it('lets the host’s own props on the button run first', async () => {
    const { client } = await openStage(
      <Row>
        <BookingConfirmButton appointmentId="apt-123" onClick={hear} onKeyDown={hear} onPointerDown={hear} />
      </Row>,
    )
    trigger().focus()
    await userEvent.keyboard('{Enter}')
    expect(heard).toEqual(['keydown Enter', 'click'])
    expect(client.submissions).toHaveLength(1)
  })
})

describe('around a button', () => {
  it('a link leads nowhere', async () => {
    const { client } = await openStage(
      // biome-ignore lint/a11y/useValidAnchor: stands for a router's link
      <a href="#elsewhere" onClick={hear}>
        <BookingConfirmButton appointmentId="apt-123" />
      </a>,
    )
    await page.getByRole('button').click()
    expect(client.submissions).toHaveLength(1)
    expect(heard).toEqual([])
    expect(location.hash).toBe('')
  })

  it('a label presses it once, and a form is not sent', async () => {
    const onSubmit = vi.fn((event: { preventDefault: () => void }) => event.preventDefault())
    const { client } = await openStage(
      <form onSubmit={onSubmit}>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the button is the control */}
        <label id="label">
          Booking <BookingConfirmButton appointmentId="apt-123" />
        </label>
      </form>,
    )
    await page.getByRole('button').click()
    expect(client.submissions).toHaveLength(1)
    expect(onSubmit).not.toHaveBeenCalled()
  })

  it('what can be dragged is not picked up', async () => {
    await openStage(
      // biome-ignore lint/a11y/noStaticElementInteractions: stands for what a host lets people drag
      <div draggable onPointerDown={hear} onMouseDown={hear}>
        <BookingConfirmButton appointmentId="apt-123" />
      </div>,
    )
    await page.getByRole('button').click()
    expect(heard).toEqual([])
  })

  it('a host that prevents default on the way down cannot keep the question from being answered', async () => {
    const { client } = await openStage(
      <div onKeyDownCapture={(event) => event.preventDefault()}>
        <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
      </div>,
    )
    await page.getByRole('button').click()
    await userEvent.keyboard('{Tab}{Enter}')
    await vi.waitFor(() => expect(client.submissions).toHaveLength(1))
  })

  it('a menu item that takes the focus as the pointer comes and goes closes no menu of ours, and a press outside does', async () => {
    const focus = ({ currentTarget }: { currentTarget: HTMLElement }) => currentTarget.focus()
    const { client } = await openStage(
      <>
        <p id="elsewhere">Elsewhere</p>
        <div role="menuitem" tabIndex={-1} onPointerMove={focus} onPointerLeave={focus}>
          <LeadStatusButton leadId="lead-123" currentStatus="new" />
        </div>
      </>,
    )
    const open = () => userEvent.click(one('[data-component="LeadStatusButton"]'))
    await open()
    await userEvent.click(one('#elsewhere'))
    expect(document.querySelector('[role="menu"]')).toBeNull()
    await open()
    await userEvent.hover(one('#elsewhere'))
    expect(document.activeElement).toBe(one('[role="menuitem"]'))
    await userEvent.click(page.getByRole('menuitemradio', { name: 'Qualified' }))
    await vi.waitFor(() => expect(client.submissions.map(({ request }) => request)).toMatchObject([{ status: 'qualified' }]))
  })

  it('what closes on a press outside still closes, wherever it listens', async () => {
    const outside = vi.fn()
    for (const type of ['pointerdown', 'click']) document.addEventListener(type, outside)
    await openStage(confirm)
    await page.getByRole('button').click()
    for (const type of ['pointerdown', 'click']) document.removeEventListener(type, outside)
    expect(outside).toHaveBeenCalledTimes(2)
  })
})
