import { describe, expect, it } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { useLeadStatusSync } from './useLeadStatusSync.js'

function News() {
  const { updatedLead, updatedBy, version } = useLeadStatusSync('lead-123')
  return <p>{updatedLead ? `${updatedLead.status} by ${updatedBy}, ${version}` : 'no news'}</p>
}

async function show() {
  const rows = { leads: [aLead({ version: 1 })] }
  const [client, other] = [await createFakeSyncClient({ rows }), await createFakeSyncClient({ rows })]
  const page = (shown: typeof client) => (
    <CriticalButtonsProvider client={shown}>
      <News />
    </CriticalButtonsProvider>
  )
  const { rerender } = render(page(client))
  await act(() => client.settle())
  await act(() => client.commit('leads', aLead({ version: 2, status: 'lost', updated_by: 'ben' })))
  expect(screen.getByText('lost by ben, 2')).toBeVisible()
  return { client, swap: () => rerender(page(other)) }
}

describe('news of a lead', () => {
  it('are the former user’s, and go with them', async () => {
    const { client } = await show()
    await act(() => client.signIn({ actor: 'cara', tenant: 'org-2' }))
    expect(screen.getByText('no news')).toBeVisible()
  })

  it('go with whoever signs out', async () => {
    const { client } = await show()
    await act(() => client.signOut({ mode: 'keep' }))
    expect(screen.getByText('no news')).toBeVisible()
  })

  it('are one client’s, and go when another takes its place', async () => {
    const { swap } = await show()
    swap()
    expect(screen.getByText('no news')).toBeVisible()
  })
})
