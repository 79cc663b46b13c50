import { afterEach, describe, expect, it } from '@jest/globals'
import { leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { LeadStatusBulkUpdateButton } from '../lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { configureCriticalButtons } from '../provider/defaultClient.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { LeadStatusButton, type LeadStatusButtonProps } from './LeadStatusButton.js'

const STAGES = [
  { value: 'inbox', label: 'Inbox', color: 'purple' },
  { value: 'on hold' },
  { value: 'archived', label: 'Archived', final: true },
] as const

async function show(status: string, props: Partial<LeadStatusButtonProps> = {}) {
  const client = await createFakeSyncClient({ rows: { leads: [aLead({ status })] } })
  render(
    <CriticalButtonsProvider client={client} leadStatuses={STAGES}>
      <LeadStatusButton leadId="lead-123" currentStatus="new" {...props} />
    </CriticalButtonsProvider>,
  )
  return { client, button: screen.getByRole('button', { name: /Status of Anna Kim/ }) }
}

const items = () => screen.getAllByRole('menuitemradio').map((item) => item.textContent)
const choose = (name: string) => act(() => screen.getByRole('menuitemradio', { name }).click())

afterEach(() => configureCriticalButtons({}))

describe('a vocabulary of a team’s own', () => {
  it('is the menu, with its words and colours', async () => {
    const { button } = await show('inbox')
    expect(button).toHaveTextContent('Inbox')
    expect(button).toHaveAttribute('data-tone', 'purple')
    act(() => button.click())
    expect(items()).toEqual(['Inbox', 'on hold', 'Archived'])
    expect(document.querySelectorAll('.cb-swatch[data-tone="gray"]')).toHaveLength(2)
  })

  it('is what is sent', async () => {
    const { client, button } = await show('inbox')
    act(() => button.click())
    choose('on hold')
    expect(client.submissions).toMatchObject([{ action: leadUpdateStatus, request: { leadId: 'lead-123', status: 'on hold' } }])
    expect(button).toHaveTextContent('on hold')
  })

  it('says which status is final: it asks first, and opens nothing afterwards', async () => {
    const { client, button } = await show('inbox', { variant: 'with-confirm' })
    act(() => button.click())
    choose('Archived')
    expect(screen.getByRole('alertdialog', { name: 'Mark Anna Kim as archived?' })).toHaveTextContent('This is final.')
    act(() => screen.getByRole('button', { name: 'Mark as archived' }).click())
    await act(() => client.succeed())
    expect(button).toHaveAttribute('aria-disabled', 'true')
  })

  it('leaves won a status as any other where it is not said to be final', async () => {
    const { button } = await show('won')
    expect(button).not.toHaveAttribute('aria-disabled')
    expect(button).toHaveAttribute('data-tone', 'gray')
  })

  it('opens at its first status where the lead has one that nobody named', async () => {
    const { button } = await show('of another system')
    expect(button).toHaveTextContent('of another system')
    act(() => button.click())
    expect(screen.getByRole('menuitemradio', { name: 'Inbox' })).toHaveFocus()
    expect(screen.queryByRole('menuitemradio', { checked: true })).toBeNull()
  })

  it('gives its words to many leads, too', async () => {
    render(
      <CriticalButtonsProvider client={await createFakeSyncClient()} leadStatuses={STAGES}>
        <LeadStatusBulkUpdateButton leadIds={['a', 'b']} targetStatus="archived" variant="with-confirm" />
      </CriticalButtonsProvider>,
    )
    act(() => screen.getByRole('button', { name: 'Mark 2 leads as archived' }).click())
    expect(screen.getByRole('alertdialog')).toHaveTextContent('This is final')
  })

  it('comes from configureCriticalButtons where no provider says another, and reaches providers below', async () => {
    configureCriticalButtons({ leadStatuses: STAGES })
    render(
      <CriticalButtonsProvider client={await createFakeSyncClient()}>
        <CriticalButtonsProvider messages={{ statuses: { archived: 'Abgelegt' } }}>
          <LeadStatusButton leadId="lead-1" currentStatus="on hold" />
        </CriticalButtonsProvider>
      </CriticalButtonsProvider>,
    )
    act(() => screen.getByRole('button').click())
    expect(items()).toEqual(['Inbox', 'on hold', 'Abgelegt'])
  })
})
