import { describe, expect, it, jest } from '@jest/globals'
import type { BaseRow } from '@org/contracts'
import { anAppointment } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { BookingConfirmButton, type BookingConfirmButtonProps } from './BookingConfirmButton.js'

async function show(props: Partial<BookingConfirmButtonProps> = {}) {
  const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
  render(
    <CriticalButtonsProvider client={client}>
      <BookingConfirmButton appointmentId="apt-123" {...props} />
    </CriticalButtonsProvider>,
  )
  return { client, button: screen.getByRole('button') }
}

describe('BookingConfirmButton', () => {
  it('sends one confirmation for two clicks in one task', async () => {
    const { client, button } = await show()
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

  it('shows a drawing alone by the name of the text in it', async () => {
    const { button } = await show({ iconOnly: true, children: 'Confirm the visit' })
    expect(button).toHaveAttribute('aria-label', 'Confirm the visit')
    expect(button).toHaveAttribute('title', 'Confirm the visit')
    expect(button.textContent).toBe('')
    expect(button.querySelector('svg, [data-part="icon"]')).not.toBeNull()
  })

  it('calls onSuccess with the appointment and stays confirmed once the row says so', async () => {
    const onSuccess = jest.fn()
    const { client, button } = await show({ onSuccess })
    act(() => button.click())
    await act(() => client.succeed())
    const confirmed = client.world.server.rows.get('appointments')?.get('apt-123')
    expect(confirmed).toMatchObject({ version: 2, status: 'confirmed' })
    await act(() => client.commit('appointments', confirmed as BaseRow))
    expect(onSuccess).toHaveBeenCalledTimes(1)
    expect(onSuccess).toHaveBeenCalledWith(confirmed)
    expect(button).toHaveTextContent('Confirmed')
  })

  it('shows what someone else confirmed, without a click', async () => {
    const { client, button } = await show()
    expect(button).toHaveTextContent('Confirm booking')
    await act(() => client.commit('appointments', anAppointment({ version: 2, status: 'confirmed', updated_by: 'ben' })))
    expect(button).toHaveTextContent('Confirmed')
    expect(button).toHaveAttribute('data-state', 'success')
    expect(button).toHaveAttribute('aria-disabled', 'true')
  })
})
