import { describe, expect, it, jest } from '@jest/globals'
import { leadBulkUpdateStatus, leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { act, fireEvent, render, screen, within } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { LeadStatusButton, type LeadStatusButtonProps } from './LeadStatusButton.js'

async function show(props: Partial<LeadStatusButtonProps> = {}, lead = aLead()) {
  const client = await createFakeSyncClient({ rows: { leads: [lead] } })
  render(
    <CriticalButtonsProvider client={client} resolveUser={(id) => (id === 'ben' ? 'Ben' : undefined)}>
      <LeadStatusButton leadId="lead-123" currentStatus="lost" {...props} />
    </CriticalButtonsProvider>,
  )
  return { client, button: screen.getByRole('button', { name: /Status of Anna Kim/ }) }
}

const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name })
const item = (name: string) => screen.getByRole('menuitemradio', { name })

describe('LeadStatusButton', () => {
  it('shows the row of the store, not the prop, once the row is known', async () => {
    const { button } = await show()
    expect(button).toHaveTextContent('New')
    expect(button).toHaveAttribute('data-status', 'new')
  })

  it('shows the prop while the row is not known', async () => {
    const client = await createFakeSyncClient()
    render(
      <CriticalButtonsProvider client={client}>
        <LeadStatusButton leadId="lead-123" currentStatus="qualified" />
      </CriticalButtonsProvider>,
    )
    expect(screen.getByRole('button', { name: 'Status: Qualified' })).toBeInTheDocument()
  })

  it('shows that a status waits which a bulk change has brought and no server has confirmed', async () => {
    const { client, button } = await show()
    let id = ''
    act(() => {
      id = client.submit(leadBulkUpdateStatus, { leadIds: ['lead-123'], status: 'contacted' }).id
    })
    expect(button).toHaveTextContent('Contacted')
    expect(button).toHaveAttribute('data-waiting')
    expect(button.querySelector('[data-icon="clock"]')).toBeInTheDocument()
    expect(button).toHaveAccessibleName('Status of Anna Kim: Contacted')
    await act(() => client.fail('FORBIDDEN', id))
    expect(button).toHaveTextContent('New')
    expect(button).not.toHaveAttribute('data-waiting')
  })

  it('opens a menu of all statuses with the present one checked and focused', async () => {
    const { button } = await show()
    act(() => button.click())
    const menu = screen.getByRole('menu', { name: 'Status of Anna Kim' })
    expect(within(menu).getAllByRole('menuitemradio')).toHaveLength(7)
    expect(item('New')).toBeChecked()
    expect(item('New')).toHaveFocus()
    expect(button).toHaveAttribute('aria-expanded', 'true')
  })

  it('names the menu it controls only while there is one', async () => {
    const { button } = await show()
    expect(button).not.toHaveAttribute('aria-controls')
    act(() => button.click())
    expect(button).toHaveAttribute('aria-controls', screen.getByRole('menu').id)
  })

  it('may stand in a paragraph: React warns of nothing', async () => {
    render(
      <p>
        <CriticalButtonsProvider client={await createFakeSyncClient()}>
          <LeadStatusButton leadId="lead-9" currentStatus="new" />
        </CriticalButtonsProvider>
      </p>,
    )
    act(() => screen.getByRole('button').click())
    expect(screen.getByRole('menu')).toBeInTheDocument()
  })

  it('opens by arrow keys, at the present status or at the last one', async () => {
    const { button } = await show()
    act(() => button.focus())
    key('ArrowDown')
    expect(item('New')).toHaveFocus()
    key('Escape')
    key('ArrowUp')
    expect(item('Lost')).toHaveFocus()
  })

  it('moves with arrows, Home, End and letters, and goes round', async () => {
    const { button } = await show()
    act(() => button.click())
    key('ArrowUp')
    expect(item('Lost')).toHaveFocus()
    key('ArrowDown')
    expect(item('New')).toHaveFocus()
    key('End')
    expect(item('Lost')).toHaveFocus()
    key('Home')
    key('n')
    expect(item('Negotiating')).toHaveFocus()
  })

  it('commits nothing by letters on the closed button', async () => {
    const { client, button } = await show()
    act(() => button.focus())
    for (const letter of 'won') key(letter)
    expect(screen.queryByRole('menu')).toBeNull()
    expect(client.submissions).toHaveLength(0)
  })

  it('closes on Escape, Tab and outside presses, and only the last leaves the focus elsewhere', async () => {
    const { client, button } = await show()
    for (const close of [() => key('Escape'), () => key('Tab')]) {
      act(() => button.click())
      act(() => void close())
      expect(screen.queryByRole('menu')).toBeNull()
      expect(button).toHaveFocus()
    }
    act(() => button.click())
    fireEvent.pointerDown(document.body)
    expect(screen.queryByRole('menu')).toBeNull()
    expect(client.submissions).toHaveLength(0)
  })

  it('shows the chosen status at once, with the version the person saw', async () => {
    const { client, button } = await show()
    act(() => button.click())
    act(() => item('Contacted').click())
    expect(button).toHaveTextContent('Contacted')
    expect(button).toHaveAttribute('data-state', 'running')
    expect(button).toHaveFocus()
    expect(client.submissions).toMatchObject([{ request: { leadId: 'lead-123', status: 'contacted' }, options: { seenVersion: 1 } }])
  })

  it('takes a choice made in an open menu while another tab sends a change of the same lead', async () => {
    const { client, button } = await show()
    act(() => button.click())
    act(() => void client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' }))
    act(() => item('Qualified').click())
    expect(client.submissions.map(({ request }) => request)).toEqual([
      { leadId: 'lead-123', status: 'contacted' },
      { leadId: 'lead-123', status: 'qualified' },
    ])
  })

  it('overwrites silently only when told to', async () => {
    const { client, button } = await show({ checkVersion: false })
    act(() => button.click())
    act(() => item('Contacted').click())
    expect(client.submissions[0]?.options.seenVersion).toBeUndefined()
  })

  it('sends nothing for the status the lead has', async () => {
    const { client, button } = await show()
    act(() => button.click())
    act(() => item('New').click())
    expect(client.submissions).toHaveLength(0)
    expect(screen.queryByRole('menu')).toBeNull()
  })

  it('falls back to what the server says when the change is refused', async () => {
    const { client, button } = await show()
    act(() => button.click())
    act(() => item('Contacted').click())
    await act(() => client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong.' }))
    expect(button).toHaveTextContent('New')
    expect(button).toHaveAttribute('data-state', 'error')
  })

  it('gives onSuccess the lead with the names the guide uses', async () => {
    const onSuccess = jest.fn()
    const { client, button } = await show({ onSuccess })
    act(() => button.click())
    act(() => item('Contacted').click())
    await act(() => client.succeed({ success: true, lead: aLead({ version: 2, status: 'contacted', updated_by: 'ben' }) }))
    expect(onSuccess.mock.calls).toMatchObject([[{ status: 'contacted', firstName: 'Anna', updatedBy: 'Ben' }]])
  })

  it('opens nothing for a lead that is won, which is final', async () => {
    const { button } = await show({}, aLead({ status: 'won' }))
    expect(button).toHaveAttribute('aria-disabled', 'true')
    act(() => button.click())
    act(() => button.focus())
    key('ArrowDown')
    expect(screen.queryByRole('menu')).toBeNull()
  })

  it.each([
    ['asks for won and lost when nothing is said', undefined, { Won: true, Lost: true, Contacted: false }],
    [
      'asks for the statuses an object names',
      { won: 'Mark this lead as won? This is final.' },
      { Won: true, Lost: false, Contacted: false },
    ],
    ['asks always when it is one text', 'Sure?', { Won: true, Contacted: true }],
  ] as const)('%s', async (_name, confirmMessage, expected) => {
    for (const [status, asks] of Object.entries(expected)) {
      const { client, button } = await show({ variant: 'with-confirm', ...(confirmMessage === undefined ? {} : { confirmMessage }) })
      act(() => button.click())
      act(() => item(status).click())
      expect(screen.queryByRole('alertdialog') !== null).toBe(asks)
      expect(client.submissions).toHaveLength(asks ? 0 : 1)
      document.body.replaceChildren()
    }
  })

  it('takes colours as tones, as values and as classes', async () => {
    const { button } = await show({ statusColors: { new: 'bg-blue-100 text-blue-800' } })
    expect(button).toHaveClass('bg-blue-100', 'text-blue-800')
    expect(button).not.toHaveAttribute('data-tone')
  })

  it('says what a colleague set while the question is open, and asks again', async () => {
    const { client, button } = await show({ variant: 'with-confirm' })
    act(() => button.click())
    act(() => item('Won').click())
    await act(() => client.commit('leads', aLead({ version: 2, status: 'lost', updated_by: 'ben' })))
    const dialog = screen.getByRole('alertdialog')
    expect(dialog).toHaveTextContent('Ben set it to Lost. This changed while you were deciding. Please confirm again')
    act(() => within(dialog).getByRole('button', { name: 'I have seen the change' }).click())
    expect(client.submissions).toHaveLength(0)
    act(() => within(dialog).getByRole('button', { name: 'Mark as won' }).click())
    expect(client.submissions).toMatchObject([{ request: { status: 'won' }, options: { seenVersion: 2 } }])
  })
})
