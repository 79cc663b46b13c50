import { anAppointment } from '@org/contracts/testing'
import { act } from '@testing-library/react'
import { type ReactNode, useState } from 'react'
import { createPortal } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { clearStage, one, openStage, painted, SHEETS } from './stage.js'

const left: (() => void)[] = []
afterEach(async () => {
  for (const leave of left.splice(0)) leave()
  await clearStage()
})

const buttons = (
  <>
    <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
    <LeadStatusButton leadId="lead-123" currentStatus="new" />
  </>
)
const isBlocked = () => document.querySelector('dialog:modal') !== null

/** Content with styles of its own, in a root that the page's selectors do not reach into. */
async function inShadowRoot(content: ReactNode) {
  const host = document.body.appendChild(document.createElement('div'))
  const shadow = host.attachShadow({ mode: 'open' })
  const sheet = shadow.appendChild(document.createElement('style'))
  sheet.textContent = SHEETS.layered
  const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
  const root = createRoot(shadow.appendChild(document.createElement('div')))
  act(() => root.render(<CriticalButtonsProvider client={client}>{content}</CriticalButtonsProvider>))
  left.push(() => {
    act(() => root.unmount())
    host.remove()
  })
  const find = (selector: string) => shadow.querySelector<HTMLElement>(selector)
  return { client, shadow, find, press: (selector: string) => act(() => find(selector)?.click()) }
}

/** Content rendered by this page's React into a frame. */
async function inFrame(content: ReactNode) {
  const frame = document.body.appendChild(document.createElement('iframe'))
  frame.style.inlineSize = '380px'
  frame.style.blockSize = '300px'
  const page = frame.contentDocument as Document
  const sheet = page.head.appendChild(page.createElement('style'))
  sheet.textContent = SHEETS.layered
  const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
  const root = createRoot(document.createElement('div'))
  act(() => root.render(<CriticalButtonsProvider client={client}>{createPortal(content, page.body)}</CriticalButtonsProvider>))
  left.push(() => {
    act(() => root.unmount())
    frame.remove()
  })
  const find = (selector: string) => page.querySelector<HTMLElement>(selector)
  return { client, page, find, press: (selector: string) => act(() => find(selector)?.click()) }
}

describe('in a shadow root', () => {
  it('has its colours, asks, sends, and gives the focus back', async () => {
    const { client, shadow, find, press } = await inShadowRoot(buttons)
    expect(getComputedStyle(find('[data-component="BookingConfirmButton"]') as Element).backgroundColor).toBe('rgb(79, 70, 229)')
    act(() => find('[data-component="BookingConfirmButton"]')?.focus())
    press('[data-component="BookingConfirmButton"]')
    await vi.waitFor(() => expect(shadow.activeElement).toBe(find('[data-part="dialog-cancel"]')))
    press('[data-part="dialog-confirm"]')
    expect(client.submissions).toHaveLength(1)
    await act(() => client.succeed())
    await vi.waitFor(() => expect(shadow.activeElement).toBe(find('[data-component="BookingConfirmButton"]')))
  })

  it('keeps its menu open under the pointer, walks through it by keys, and closes it outside', async () => {
    const { client, shadow, find, press } = await inShadowRoot(buttons)
    press('[data-component="LeadStatusButton"]')
    await painted()
    await userEvent.keyboard('{ArrowDown}')
    expect(shadow.activeElement).toHaveTextContent('Contacted')
    await userEvent.click(find('[role="menuitemradio"]:nth-child(3)') as HTMLElement)
    expect(client.submissions.map(({ request }) => request)).toMatchObject([{ status: 'qualified' }])
    expect(find('[role="menu"]')).toBeNull()
    expect(shadow.activeElement).toBe(find('[data-component="LeadStatusButton"]'))
  })

  it('announces within its own modal, and else on the page', async () => {
    const { client, find, press } = await inShadowRoot(buttons)
    press('[data-component="BookingConfirmButton"]')
    press('[data-part="dialog-confirm"]')
    await vi.waitFor(() => expect(find('dialog [data-cb-live="polite"]')).toHaveTextContent('Confirming booking'), 2_000)
    await act(() => client.succeed())
    await vi.waitFor(() => expect(one('[data-cb-live="polite"]')).toHaveTextContent('Booking confirmed'), 2_000)
  })
})

describe('in a frame', () => {
  it('asks there, takes Escape there, and announces there', async () => {
    const { client, page, find, press } = await inFrame(
      <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" subject="in a frame" />,
    )
    press('[data-component="BookingConfirmButton"]')
    expect(find('dialog')?.matches(':modal')).toBe(true)
    expect(page.activeElement).toBe(find('[data-part="dialog-cancel"]'))
    const { KeyboardEvent: Key } = page.defaultView as Window & typeof globalThis
    act(() => void page.activeElement?.dispatchEvent(new Key('keydown', { key: 'Escape', bubbles: true, cancelable: true })))
    expect(find('dialog')).toBeNull()
    expect(page.activeElement).toBe(find('[data-component="BookingConfirmButton"]'))
    press('[data-component="BookingConfirmButton"]')
    press('[data-part="dialog-confirm"]')
    await act(() => client.succeed())
    await vi.waitFor(() => expect(find('body > [data-cb-live="polite"]')).toHaveTextContent('Booking confirmed: in a frame'), 2_000)
    expect(document.querySelector('body > [data-cb-live="polite"]')?.textContent ?? '').toBe('')
  })
})

function Panels() {
  const [hidden, setHidden] = useState(false)
  const [order, setOrder] = useState(['a', 'b'])
  return (
    <>
      <div hidden={hidden}>
        {order.map((key) => (
          <p key={key}>{key === 'a' ? <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" /> : 'another row'}</p>
        ))}
      </div>
      <button type="button" id="hide" onClick={() => setHidden(!hidden)} />
      <button type="button" id="move" onClick={() => setOrder(['b', 'a'])} />
    </>
  )
}

describe('a question whose button', () => {
  const press = (selector: string) => act(() => one(selector).click())

  it('is hidden with its panel does not block the page unseen', async () => {
    const { client } = await openStage(<Panels />)
    press('[data-component="BookingConfirmButton"]')
    expect(isBlocked()).toBe(true)
    press('#hide')
    await vi.waitFor(() => expect(isBlocked()).toBe(false))
    press('#hide')
    press('[data-component="BookingConfirmButton"]')
    press('[data-part="dialog-confirm"]')
    expect(client.submissions).toHaveLength(1)
  })

  it('moves to another place stays in front of the page', async () => {
    await openStage(<Panels />)
    press('[data-component="BookingConfirmButton"]')
    const dialog = one('[data-part="dialog"]')
    // As libraries for sorting do, past React.
    const row = dialog.closest('p') as HTMLElement
    row.parentElement?.append(row)
    await vi.waitFor(() => expect(dialog.matches(':modal')).toBe(true))
    press('#move')
    await vi.waitFor(() => expect(dialog.matches(':modal')).toBe(true))
    expect(dialog.contains(document.activeElement)).toBe(true)
  })

  it('goes while it is sent ends all the same, and what comes in its place shows it', async () => {
    const { client, rerender } = await openStage(<BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />)
    press('[data-component="BookingConfirmButton"]')
    press('[data-part="dialog-confirm"]')
    const around = (content: ReactNode) => <CriticalButtonsProvider client={client}>{content}</CriticalButtonsProvider>
    rerender(around(null))
    expect(isBlocked()).toBe(false)
    rerender(
      around(
        <section>
          <BookingConfirmButton appointmentId="apt-123" />
        </section>,
      ),
    )
    expect(one('[data-component="BookingConfirmButton"]')).toHaveAttribute('data-state', 'running')
  })
})
