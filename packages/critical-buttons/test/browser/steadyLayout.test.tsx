import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { act } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { BookingConfirmButton } from '../../src/booking-confirm-button/BookingConfirmButton.js'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { clearStage, one, openStage, SHEETS } from './stage.js'

afterEach(async () => {
  await clearStage()
  await page.viewport(414, 896)
})

const HOST = "body { margin: 8px; font-family: 'DejaVu Sans' }"
const styles = [SHEETS.layered, HOST]
const click = (selector: string) => act(() => one(selector).click())

function place(selector: string): { left: number; top: number; width: number } {
  const { left, top, width } = one(selector).getBoundingClientRect()
  return { left: Math.round(left), top: Math.round(top), width: Math.round(width) }
}

describe('from the click to the end of its success', () => {
  it.each([
    ['BookingConfirmButton', <BookingConfirmButton key="b" appointmentId="apt-123" />],
    ['SendSMSButton', <SendSMSButton key="s" leadId="lead-123" message="Hi Anna" />],
  ])('%s keeps its width, and so its neighbour its place', async (name, button) => {
    const { client } = await openStage(
      <div style={{ display: 'flex', justifyContent: 'flex-end' }}>
        {button}
        <i id="neighbour">|</i>
      </div>,
      { styles },
    )
    const selector = `[data-component="${name}"]`
    const atRest = place(selector)
    click(selector)
    await vi.waitFor(() => one(`${selector} [data-icon="spinner"]`))
    expect(place(selector)).toEqual(atRest)
    await act(() => client.drive('queued'))
    await vi.waitFor(() => one(`${selector} [data-icon="clock"]`))
    expect(place(selector).width).toBe(atRest.width)
    await act(() => client.succeed())
    await vi.waitFor(() => one(`${selector} [data-icon="check"]`))
    expect(place(selector)).toEqual(atRest)
    await act(async () => client.dismiss(client.submissions[0]?.id ?? ''))
    expect(place(selector)).toEqual(atRest)
  })

  it('a chip keeps the width of its label and arrow', async () => {
    const { client } = await openStage(<LeadStatusButton leadId="lead-123" currentStatus="new" />, { styles })
    const selector = '[data-component="LeadStatusButton"]'
    const label = () => one(`${selector} .cb-label`).getBoundingClientRect()
    const atRest = place(selector)
    await act(() => client.click(leadUpdateStatus, { leadId: 'lead-123', status: 'negotiating' }, 'running'))
    const clicked = label()
    expect(place(selector)).toEqual(atRest)
    await vi.waitFor(() => one(`${selector} [data-icon="spinner"]`))
    expect(place(selector)).toEqual(atRest)
    expect(label().left).toBeCloseTo(clicked.left, 0)
    await act(() => client.succeed())
    await vi.waitFor(() => one(`${selector} [data-icon="check"]`))
    expect(place(selector)).toEqual(atRest)
    expect(label().left).toBeCloseTo(clicked.left, 0)
  })

  it('the question’s buttons stay under the pointer', async () => {
    const { client } = await openStage(<BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />, { styles })
    click('[data-component="BookingConfirmButton"]')
    const places = () => ['dialog', 'dialog-cancel', 'dialog-confirm'].map((part) => place(`[data-part="${part}"]`))
    const asked = places()
    click('[data-part="dialog-confirm"]')
    expect(one('[data-part="dialog-status"]')).toHaveTextContent('Confirming booking')
    expect(places()).toEqual(asked)
    await act(() => client.drive({ phase: 'retrying', attempt: 3 }))
    expect(one('[data-part="dialog-status"]')).toHaveTextContent('Still confirming. Attempt 3 of 5')
    expect(places()).toEqual(asked)
  })
})

describe('in a table', () => {
  const rows = { leads: [aLead({ name: 'Anna Kim' })] }
  const table = (
    <table style={{ inlineSize: '40rem' }}>
      <tbody>
        <tr>
          <td id="name">David Okafor of a very long company name</td>
          <td>
            <LeadStatusButton leadId="lead-123" currentStatus="new" />
          </td>
        </tr>
      </tbody>
    </table>
  )

  it('widens no column by what it says about a row', async () => {
    await page.viewport(900, 600)
    const { client } = await openStage(table, { rows, styles })
    const before = place('#name')
    // The chip itself stays as it is.
    const lead = aLead({ name: 'Anna Kim', version: 9, updated_by: 'ben' })
    await act(() => client.click(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' }, { phase: 'conflict', answer: { lead } }))
    expect(one('[data-part="status"]')).toHaveTextContent('You wanted Qualified')
    expect(place('#name').width).toBe(before.width)
  })

  it('keeps a chip’s label on one line', async () => {
    const chip = <LeadStatusButton leadId="lead-123" currentStatus="new" />
    await openStage(<div style={{ inlineSize: '6rem' }}>{chip}</div>, { rows: { leads: [aLead({ status: 'proposal_sent' })] }, styles })
    expect(one('[data-component="LeadStatusButton"]').getBoundingClientRect().height).toBe(28)
  })
})

describe('what looks how', () => {
  const background = (selector: string) => getComputedStyle(one(selector)).backgroundColor

  it('already confirmed looks done, not failed', async () => {
    const { client } = await openStage(<BookingConfirmButton appointmentId="apt-123" />, { rows: { appointments: [anAppointment()] } })
    client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    await act(() => client.fail('ALREADY_CONFIRMED'))
    await vi.waitFor(() => one('[data-icon="check"]'))
    const button = one('[data-component="BookingConfirmButton"]')
    expect(button).toHaveTextContent('Confirmed')
    expect([button.dataset.state, button.dataset.tone]).toEqual(['error', 'green'])
    expect(one('[data-part="status"]').dataset.tone).toBe('info')
  })

  it('a chip that already has the status is ringed by no red', async () => {
    const { client } = await openStage(<LeadStatusButton leadId="lead-123" currentStatus="new" />)
    client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' })
    await act(() => client.fail('ALREADY_HAS_STATUS'))
    await vi.waitFor(() => one('[data-component="LeadStatusButton"] [data-icon="check"]'))
    expect(getComputedStyle(one('[data-component="LeadStatusButton"]')).boxShadow).toBe('none')
  })

  it('dims nothing in a question that is being answered, and tells what is final by its colour', async () => {
    await openStage(<LeadStatusButton leadId="lead-123" currentStatus="new" variant="with-confirm" />, { styles })
    click('[data-component="LeadStatusButton"]')
    act(() => [...document.querySelectorAll<HTMLElement>('[role="menuitemradio"]')].find((item) => item.textContent === 'Won')?.click())
    expect(one('[data-part="dialog-message"]')).toHaveTextContent('This is final.')
    expect(background('[data-part="dialog-confirm"]')).not.toBe('rgb(79, 70, 229)')
    click('[data-part="dialog-confirm"]')
    for (const part of ['dialog-cancel', 'dialog-confirm']) expect(getComputedStyle(one(`[data-part="${part}"]`)).opacity).toBe('1')
  })

  it('before it is known who is signed in, a button looks as little ready as it is', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi Anna" />, { styles })
    const ready = background('[data-component="SendSMSButton"]')
    await act(() => client.signOut())
    expect(background('[data-component="SendSMSButton"]')).not.toBe(ready)
  })

  it('progress is as wide while it asks what became of it as while it sends', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi Anna" variant="with-progress" />, { styles })
    client.submit(smsSend, { leadId: 'lead-123', message: 'Hi Anna' })
    for (const phase of ['running', 'checking'] as const) {
      await act(() => client.drive(phase))
      expect(one('[data-part="progress"]').getBoundingClientRect().width).toBe(192)
    }
  })
})
