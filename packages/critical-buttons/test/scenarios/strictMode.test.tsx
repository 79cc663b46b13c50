import { describe, expect, it, jest } from '@jest/globals'
import { anAppointment } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { StrictMode, version } from 'react'
import { BookingConfirmButton, CriticalButtonsProvider } from '../../src/index.js'
import { createFakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { countListeners } from '../countListeners.js'

declare const EXPECTED_REACT: string

describe('StrictMode', () => {
  it('runs on the React this suite is meant for', () => {
    expect(version.split('.')[0]).toBe(EXPECTED_REACT)
  })

  it('sends one click once, calls onSuccess once, and leaves no listener behind', async () => {
    const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
    const listeners = countListeners(client)
    const onSuccess = jest.fn()
    const { unmount } = render(
      <StrictMode>
        <CriticalButtonsProvider client={client}>
          <BookingConfirmButton appointmentId="apt-123" onSuccess={onSuccess} />
        </CriticalButtonsProvider>
      </StrictMode>,
    )
    act(() => screen.getByRole('button').click())
    expect(listeners()).toBeGreaterThan(0)
    await act(() => client.succeed())
    expect(client.submissions).toHaveLength(1)
    expect(onSuccess).toHaveBeenCalledTimes(1)
    unmount()
    expect(listeners()).toBe(0)
  })
})
