import { describe, expect, it } from '@jest/globals'
import { bookingConfirm, leadUpdateStatus } from '@org/contracts'
import { act, render, screen, within } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SyncInspector } from './SyncInspector.js'

async function show(resolveUser?: (userId: string) => string | undefined) {
  const client = await createFakeSyncClient()
  render(
    <CriticalButtonsProvider client={client} {...(resolveUser && { resolveUser })}>
      <SyncInspector />
    </CriticalButtonsProvider>,
  )
  // It asks how the SMS service is.
  await act(() => client.settle())
  return client
}

describe('the queue in SyncInspector', () => {
  it('names the record and the status each mutation is about', async () => {
    const client = await show()
    act(() => {
      client.submit(bookingConfirm, { appointmentId: 'apt-7' })
      client.submit(leadUpdateStatus, { leadId: 'lead-3', status: 'lost' })
    })
    expect(screen.getByText('appointment:apt-7')).toBeInTheDocument()
    expect(screen.getByText('lead:lead-3:status → lost')).toBeInTheDocument()
  })

  it('shows the id of whoever has no name, also where looking for it throws', async () => {
    const names = new Map<string, { full: string }>()
    await show((id) => names.get(id)!.full)
    expect(screen.getByText(/user-456/)).toBeInTheDocument()
  })

  it('is called empty only where it can be seen', async () => {
    const client = await show()
    expect(screen.getByText('Nothing waits.')).toBeInTheDocument()
    await act(() => client.goOffline())
    act(() => void client.submit(bookingConfirm, { appointmentId: 'apt-7' }))
    await act(() => client.settle())
    await act(async () => void (await client.signOut({ mode: 'keep' })))
    expect(screen.getByText('Waiting for their sign-in: 1.')).toBeInTheDocument()
  })

  it('says so when nothing could be discarded', async () => {
    const client = await show()
    act(() => void client.submit(bookingConfirm, { appointmentId: 'apt-7' }))
    client.discard = async () => 'unreachable'
    await act(async () => screen.getByRole('button', { name: 'Discard' }).click())
    const queue = screen.getByRole('region', { name: 'Offline queue' })
    expect(within(queue).getByRole('status')).toHaveTextContent('Not discarded: the server could not be asked.')
  })
})

describe('who is signed in, in SyncInspector', () => {
  const signedIn = () => document.querySelector('[data-fact="Signed in"]')

  it('is named as the application names people, and by the id where it has no name', async () => {
    const client = await show((id) => (id === 'user-456' ? 'Ana' : undefined))
    expect(signedIn()).toHaveTextContent(/^Ana$/)
    await act(() => client.signIn({ actor: 'user-1', tenant: 'org-1' }))
    expect(signedIn()).toHaveTextContent(/^user-1$/)
  })

  it('is told without a word about how the page is made', async () => {
    await show()
    expect(screen.getByRole('region', { name: 'Sync inspector' })).not.toHaveTextContent(/configureCriticalButtons|provider/i)
  })
})
