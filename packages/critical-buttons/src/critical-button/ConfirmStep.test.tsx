import { describe, expect, it, jest } from '@jest/globals'
import { anAppointment } from '@org/contracts/testing'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { BookingConfirmButton, type BookingConfirmButtonProps } from '../booking-confirm-button/BookingConfirmButton.js'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import type { ConfirmDialogProps } from './ConfirmDialog.js'

async function ask(props: Partial<BookingConfirmButtonProps> = {}) {
  const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
  const onRowClick = jest.fn()
  render(
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: stands for a host's clickable row
    <div onClick={onRowClick}>
      <CriticalButtonsProvider client={client}>
        <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" confirmMessage="Are you sure?" {...props} />
      </CriticalButtonsProvider>
    </div>,
  )
  const trigger = screen.getByRole('button', { name: 'Confirm booking' })
  act(() => {
    trigger.focus()
    trigger.click()
  })
  onRowClick.mockClear()
  return { client, trigger, onRowClick }
}

function OwnDialog({ title, onConfirm }: ConfirmDialogProps) {
  return (
    <button type="button" onClick={onConfirm}>
      own: {title}
    </button>
  )
}

const dialog = () => screen.queryByRole('alertdialog')
const press = (part: string) => act(() => document.querySelector<HTMLElement>(`[data-part="${part}"]`)?.click())

describe('a button that its host disables', () => {
  async function show(confirm: boolean) {
    const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
    const button = (disabled: boolean) => (
      <CriticalButtonsProvider client={client}>
        <BookingConfirmButton appointmentId="apt-123" confirm={confirm} disabled={disabled} />
      </CriticalButtonsProvider>
    )
    const { rerender } = render(button(false))
    act(() => screen.getByRole('button').click())
    return { client, setDisabled: (disabled: boolean) => rerender(button(disabled)) }
  }

  it('while its question is open sends nothing, and may be confirmed once it is enabled again', async () => {
    const { client, setDisabled } = await show(true)
    setDisabled(true)
    expect(document.querySelector('[data-part="dialog-confirm"]')).toHaveAttribute('aria-disabled', 'true')
    press('dialog-confirm')
    expect(client.submissions).toEqual([])
    setDisabled(false)
    press('dialog-confirm')
    expect(client.submissions).toHaveLength(1)
  })

  it('after a failure offers nothing that would send it again', async () => {
    const { client, setDisabled } = await show(false)
    await act(() => client.fail('EFFECT_REFUSED'))
    const offers = () => screen.getAllByRole('button').map((button) => button.textContent)
    expect(offers()).toEqual(['Confirm booking', 'Try again', 'Dismiss'])
    setDisabled(true)
    expect(offers()).toEqual(['Confirm booking', 'Dismiss'])
  })

  it('lets go on, be tried now and be taken back what is under way', async () => {
    const { client, setDisabled } = await show(false)
    await act(() => client.drive('circuit-open'))
    setDisabled(true)
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['Confirm booking', 'Try now', 'Cancel'])
  })
})

describe('the confirm dialog', () => {
  it('may stand in a paragraph: React warns of nothing', async () => {
    const client = await createFakeSyncClient()
    render(
      <p>
        <CriticalButtonsProvider client={client}>
          <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
        </CriticalButtonsProvider>
      </p>,
    )
    act(() => screen.getByRole('button').click())
    press('dialog-confirm')
    expect(dialog()).toHaveTextContent('Confirming booking')
    await act(() => client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong.' }))
    expect(dialog()).toHaveTextContent('Booking not confirmed. Something went wrong')
  })

  it('asks with title, text, and verb and object, and puts the focus on Cancel', async () => {
    const { client, trigger } = await ask()
    expect(dialog()).toHaveAccessibleName('Confirm this booking?')
    expect(dialog()).toHaveAccessibleDescription('Are you sure?')
    expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus()
    expect(trigger).toHaveAttribute('data-state', 'confirming')
    expect(client.submissions).toHaveLength(0)
  })

  it('says of a record that only now arrives nothing, and of a change after that what it is', async () => {
    const client = await createFakeSyncClient()
    render(
      <CriticalButtonsProvider client={client}>
        <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
      </CriticalButtonsProvider>,
    )
    act(() => screen.getByRole('button').click())
    act(() => client.ingest('appointments', [anAppointment()]))
    expect(dialog()).not.toHaveTextContent('This changed while you were deciding')
    act(() => client.ingest('appointments', [anAppointment({ version: 2, title: 'Second consultation' })]))
    expect(dialog()).toHaveTextContent('This changed while you were deciding')
    press('dialog-confirm')
    expect(client.submissions).toHaveLength(0)
    press('dialog-confirm')
    expect(client.submissions).toHaveLength(1)
  })

  it('sends only when confirmed, once, and stays open while it works', async () => {
    const { client } = await ask()
    press('dialog-confirm')
    press('dialog-confirm')
    expect(client.submissions).toHaveLength(1)
    expect(dialog()).toHaveTextContent('Confirming booking: First consultation')
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(dialog()).toBeInTheDocument()
  })

  it('closes on success and returns the focus to the button', async () => {
    const { client, trigger } = await ask()
    press('dialog-confirm')
    await act(() => client.succeed({ success: true, appointment: anAppointment({ version: 2, status: 'confirmed' }) }))
    expect(dialog()).toBeNull()
    expect(trigger).toHaveFocus()
  })

  it('stays open on an error, shows it and tries again', async () => {
    const { client } = await ask()
    press('dialog-confirm')
    await act(() => client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong on our side.' }))
    expect(dialog()).toHaveTextContent('Booking not confirmed. Something went wrong on our side')
    press('dialog-confirm')
    expect(dialog()).toHaveTextContent('Confirming booking: First consultation')
    await act(() => client.settle())
    expect(client.world.server.writes).toHaveLength(2)
  })

  it('closes when the click has to wait for the network', async () => {
    const { client } = await ask()
    press('dialog-confirm')
    await act(() => client.drive('queued'))
    expect(dialog()).toBeNull()
  })

  it('closes on Cancel and on Escape without sending', async () => {
    const { client, trigger } = await ask()
    press('dialog-cancel')
    expect(dialog()).toBeNull()
    expect(trigger).toHaveFocus()
    act(() => trigger.click())
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(dialog()).toBeNull()
    expect(client.submissions).toHaveLength(0)
  })

  it('keeps Escape and clicks from the host', async () => {
    const onEscape = jest.fn()
    document.addEventListener('keydown', onEscape)
    const { onRowClick } = await ask()
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' })
    expect(onEscape).not.toHaveBeenCalled()
    document.removeEventListener('keydown', onEscape)
    act(() => screen.getByRole('button', { name: 'Confirm booking' }).click())
    onRowClick.mockClear()
    fireEvent.click(dialog() as HTMLElement)
    fireEvent.pointerDown(dialog() as HTMLElement)
    expect(onRowClick).not.toHaveBeenCalled()
  })

  it('asks again when the record changes while it is open, and sends what was seen then', async () => {
    const { client } = await ask()
    await act(() => client.commit('appointments', anAppointment({ version: 2, title: 'Moved consultation' })))
    expect(dialog()).toHaveTextContent('This changed while you were deciding. Please confirm again')
    press('dialog-confirm')
    expect(client.submissions).toHaveLength(0)
    expect(dialog()).not.toHaveTextContent('This changed')
    press('dialog-confirm')
    expect(client.submissions).toMatchObject([{ options: { seenVersion: 2 } }])
  })

  it('lets a team bring its own dialog', async () => {
    const { client } = await ask({ slots: { ConfirmDialog: OwnDialog } })
    act(() => screen.getByRole('button', { name: 'own: Confirm this booking?' }).click())
    expect(client.submissions).toHaveLength(1)
  })
})

describe('the confirm dialog while it works', () => {
  const text = (part: string) => document.querySelector(`[data-part="${part}"]`)?.textContent
  const sent = async () => {
    const asked = await ask()
    press('dialog-confirm')
    return asked
  }

  it('says the same as the button behind it, with a spinner, and nothing is dimmed out of reach', async () => {
    const { client } = await sent()
    expect(dialog()?.querySelector('[data-icon="spinner"]')).toBeInTheDocument()
    await act(() => client.drive({ phase: 'retrying', attempt: 3 }))
    expect(text('dialog-status')).toBe('Still confirming. Attempt 3 of 5')
    expect(text('dialog-status')).toBe(text('status-text'))
  })

  it('takes it back by its own Cancel, and gives the focus to the button', async () => {
    const { client, trigger } = await sent()
    expect(document.querySelector('[data-part="dialog-cancel"]')).toHaveAttribute('aria-disabled', 'true')
    await act(() => client.drive('retrying'))
    await act(async () => document.querySelector<HTMLElement>('[data-part="dialog-cancel"]')?.click())
    expect(client.getQueue()).toEqual([])
    expect(dialog()).toBeNull()
    expect(trigger).toHaveFocus()
  })

  it('says that it was too late, and stays', async () => {
    const { client } = await sent()
    client.cancel = async () => 'already-done'
    await act(() => client.drive('retrying'))
    await act(async () => document.querySelector<HTMLElement>('[data-part="dialog-cancel"]')?.click())
    expect(text('dialog-status')).toBe(
      'Still confirming. Attempt 2 of 5. The server has taken it over, and stops it if that is still possible',
    )
  })

  it('closes when trying again could only be refused again: the button says why', async () => {
    const { client, trigger } = await sent()
    await act(() => client.fail({ code: 'NOT_CONFIRMABLE', message: 'This appointment was cancelled.' }))
    expect(dialog()).toBeNull()
    expect(trigger).toHaveAccessibleDescription('Booking not confirmed. This appointment was cancelled')
    expect([...document.querySelectorAll('[data-part="action"]')].map(({ textContent }) => textContent)).toEqual(['Dismiss'])
  })
})
