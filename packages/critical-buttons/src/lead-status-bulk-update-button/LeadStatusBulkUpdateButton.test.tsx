import { describe, expect, it } from '@jest/globals'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { LeadStatusBulkUpdateButton } from './LeadStatusBulkUpdateButton.js'

function show() {
  const client = createFakeSyncClient()
  const page = (leadIds: string[]) => (
    <p>
      <CriticalButtonsProvider client={client}>
        <LeadStatusBulkUpdateButton leadIds={leadIds} targetStatus="contacted" />
      </CriticalButtonsProvider>
    </p>
  )
  const { rerender } = render(page(['a', 'b', 'c']))
  const select = (...leadIds: string[]) => rerender(page(leadIds))
  const button = () => document.querySelector<HTMLElement>('[data-part="button"]') as HTMLElement
  return { client, select, button }
}

describe('LeadStatusBulkUpdateButton', () => {
  it('names what was sent while it works, and the present selection once that has ended', () => {
    const { client, select, button } = show()
    act(() => button().click())
    select('d')
    expect(button()).toHaveTextContent('Mark 3 leads as contacted')
    act(() => void client.drive({ phase: 'partial', error: { code: 'PARTIAL', message: '', willRetry: false, updated: 2, failed: 1 } }))
    expect(button()).toHaveTextContent('Mark 1 lead as contacted')
    act(() => button().click())
    expect(client.submissions.map(({ request }) => request)).toMatchObject([{ leadIds: ['a', 'b', 'c'] }, { leadIds: ['d'] }])
  })

  it('counts the unchanged leads of a partial result', () => {
    const { client, button } = show()
    act(() => button().click())
    const counts = { updated: 1, failed: 1, unchanged: 1, failures: [{ leadId: 'a', code: 'NOT_FOUND' }] }
    act(() => void client.drive({ phase: 'partial', error: { code: 'PARTIAL', message: '', willRetry: false, ...counts } }))
    expect(screen.getByText('1 updated, 1 unchanged, 1 failed')).toBeInTheDocument()
    expect(screen.getAllByRole('listitem')).toHaveLength(1)
  })
})
