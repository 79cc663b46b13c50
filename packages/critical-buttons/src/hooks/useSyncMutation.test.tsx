import { describe, expect, it } from '@jest/globals'
import { bookingConfirm } from '@org/contracts'
import { anAppointment } from '@org/contracts/testing'
import { act, render } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { type SyncMutationResult, useSyncMutation } from './useSyncMutation.js'

let shown = {} as SyncMutationResult<typeof bookingConfirm>

function Booking() {
  shown = useSyncMutation({ action: bookingConfirm })
  return null
}

async function click() {
  const client = await createFakeSyncClient({ rows: { appointments: [anAppointment()] } })
  render(
    <CriticalButtonsProvider client={client}>
      <Booking />
    </CriticalButtonsProvider>,
  )
  act(() => shown.mutate({ appointmentId: 'apt-123' }))
  await act(() => client.settle())
  const told = () => [shown.phase, shown.failureCount, shown.isPaused]
  return { client, told }
}

describe('failures and pauses of a click', () => {
  it('counts no attempt as failed that is under way, and waits between two of them', async () => {
    const { client, told } = await click()
    expect(told()).toEqual(['running', 0, false])
    await act(() => client.answer('network'))
    expect(told()).toEqual(['retrying', 1, true])
    await act(() => client.advance(1_000))
    expect(told()).toEqual(['retrying', 1, false])
    await act(() => client.answer('network'))
    expect(told()).toEqual(['retrying', 2, true])
  })

  it('counts none as failed that the server has taken over', async () => {
    const { client, told } = await click()
    await act(() => client.drive('checking'))
    expect(told().slice(0, 2)).toEqual(['checking', 0])
  })

  it.each([
    ['success', 0],
    ['error', 1],
  ] as const)('counts at the ending %s: %i', async (phase, failures) => {
    const { client, told } = await click()
    await act(() => client.drive(phase))
    expect(told()).toEqual([phase, failures, false])
  })
})
