import { describe, expect, it, jest } from '@jest/globals'
import { anAppointment } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { BookingConfirmButton, type BookingConfirmButtonProps } from './BookingConfirmButton.js'

function show(
  props: Partial<BookingConfirmButtonProps> = {},
  client = createFakeSyncClient({ rows: { appointments: [anAppointment()] } }),
) {
  render(
    <CriticalButtonsProvider client={client}>
      <BookingConfirmButton appointmentId="apt-123" {...props} />
    </CriticalButtonsProvider>,
  )
  return { client, button: screen.getByRole('button') }
}

describe('BookingConfirmButton', () => {
  it('sends one confirmation for two clicks in one task', () => {
    const { client, button } = show()
    act(() => {
      button.click()
      button.click()
    })
    expect(client.submissions).toMatchObject([{ request: { appointmentId: 'apt-123' }, options: { seenVersion: 1 } }])
    expect(button).toHaveAttribute('data-component', 'BookingConfirmButton')
    expect(button).toHaveAttribute('data-state', 'running')
    expect(button).toHaveAttribute('aria-disabled', 'true')
    expect(button).not.toBeDisabled()
  })

  it('shows a drawing alone by the name of the text in it', () => {
    const { button } = show({ iconOnly: true, children: 'Confirm the visit' })
    expect(button).toHaveAttribute('aria-label', 'Confirm the visit')
    expect(button).toHaveAttribute('title', 'Confirm the visit')
    expect(button.textContent).toBe('')
    expect(button.querySelector('svg, [data-part="icon"]')).not.toBeNull()
  })

  it('calls onSuccess with the appointment and stays confirmed once the row says so', () => {
    const onSuccess = jest.fn()
    const { client, button } = show({ onSuccess })
    act(() => button.click())
    const confirmed = anAppointment({ version: 2, status: 'confirmed' })
    act(() => {
      client.succeed({ success: true, appointment: confirmed })
      client.commit('appointments', confirmed)
    })
    expect(onSuccess).toHaveBeenCalledTimes(1)
    expect(onSuccess).toHaveBeenCalledWith(confirmed)
    expect(button).toHaveTextContent('Confirmed')
  })

  it('shows what someone else confirmed, without a click', () => {
    const { client, button } = show()
    expect(button).toHaveTextContent('Confirm booking')
    act(() => client.commit('appointments', anAppointment({ version: 2, status: 'confirmed', updated_by: 'ben' })))
    expect(button).toHaveTextContent('Confirmed')
    expect(button).toHaveAttribute('data-state', 'success')
    expect(button).toHaveAttribute('aria-disabled', 'true')
  })
})
