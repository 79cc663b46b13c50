import { describe, expect, it } from '@jest/globals'
import type { LeadStatus } from '@org/contracts'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { LeadStatusBulkUpdateButton } from './LeadStatusBulkUpdateButton.js'

async function show() {
  const client = await createFakeSyncClient()
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
  it('names what was sent while it works, and the present selection once that has ended', async () => {
    const { client, select, button } = await show()
    act(() => button().click())
    select('d')
    expect(button()).toHaveTextContent('Mark 3 leads as contacted')
    await act(() => client.drive({ phase: 'partial', answer: { updated: 2, failed: 1 } }))
    expect(button()).toHaveTextContent('Mark 1 lead as contacted')
    act(() => button().click())
    expect(client.submissions.map(({ request }) => request)).toMatchObject([{ leadIds: ['a', 'b', 'c'] }, { leadIds: ['d'] }])
  })

  it('counts the unchanged leads of a partial result', async () => {
    const { client, button } = await show()
    act(() => button().click())
    const counts = { updated: 1, failed: 1, unchanged: 1, failures: [{ leadId: 'a', code: 'NOT_FOUND' }] }
    await act(() => client.drive({ phase: 'partial', answer: counts }))
    expect(screen.getByText('1 updated, 1 unchanged, 1 failed')).toBeInTheDocument()
    expect(screen.getAllByRole('listitem')).toHaveLength(1)
  })

  it.each([
    ['items that are none', [null, 'x', 7, { leadId: 7 }, { leadId: 'a', code: 'INTERNAL' }], 1],
    ['no list', 'abc', 0],
  ])('blanks no page over %s among the failures', async (_, failures, shown) => {
    const { client, button } = await show()
    act(() => button().click())
    await act(() => client.drive({ phase: 'partial', answer: { updated: 1, failed: 1, failures } as never }))
    expect(screen.getByText('1 updated, 1 failed')).toBeInTheDocument()
    expect(screen.queryAllByRole('listitem')).toHaveLength(shown)
  })

  it('says in a sentence why a lead failed, whatever code names it', async () => {
    const { client, button } = await show()
    act(() => button().click())
    const codes = ['ALREADY_HAS_STATUS', 'CREDIT_LIMIT', 'ROW_BUSY', 'constructor']
    for (const code of codes) {
      await act(() => client.drive({ phase: 'partial', answer: { updated: 2, failed: 1, failures: [{ leadId: 'a', code }] } }))
      expect(screen.getByRole('listitem')).toHaveTextContent(/^a: [A-Z][a-z]+ [a-z]+ [a-z]+/)
      await act(() => client.settle())
      act(() => button().click())
    }
  })

  it('tries all of it again where the answer names nobody who failed', async () => {
    const { client, button } = await show()
    act(() => button().click())
    await act(() => client.drive({ phase: 'partial', answer: { updated: 1, failed: 2, failures: undefined } as never }))
    await act(async () => screen.getByRole('button', { name: 'Retry 2 failed leads' }).click())
    const all = { leadIds: ['a', 'b', 'c'], status: 'contacted' }
    expect(client.submissions.map(({ request }) => request)).toEqual([all, all])
  })

  it('calls no lead failed that was taken back in time', async () => {
    const { client, button } = await show()
    act(() => button().click())
    const counts = { updated: 1, failed: 0, cancelled: 2, failures: [] }
    await act(() => client.drive({ phase: 'partial', answer: counts }))
    expect(screen.getByText('1 updated, 2 cancelled in time')).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: /Retry/ })).not.toBeInTheDocument()
  })

  it('counts no failed lead as updated while it goes on', async () => {
    const client = await createFakeSyncClient()
    const leadIds = Array.from({ length: 400 }, (_, index) => `lead-${index + 1}`)
    render(
      <CriticalButtonsProvider client={client}>
        <LeadStatusBulkUpdateButton leadIds={leadIds} targetStatus="contacted" variant="with-progress" />
      </CriticalButtonsProvider>,
    )
    act(() => screen.getByRole('button').click())
    const part = { success: false, updated: 199, failed: 1, failures: [{ leadId: 'lead-1', code: 'NOT_FOUND' }] }
    await act(() => client.answer({ status: 207, body: part }, `${client.submissions[0]?.id}_0001`))
    expect(screen.getByText('199 of 400 updated, 1 failed')).toBeInTheDocument()
  })
})

describe('the question of LeadStatusBulkUpdateButton', () => {
  interface Target {
    leadIds: string[]
    targetStatus: LeadStatus
    confirmMessage?: string
    confirm?: boolean
  }
  const first: Target = { leadIds: ['a', 'b', 'c'], targetStatus: 'negotiating', confirmMessage: 'Mark them as negotiating?' }
  const other: Target = { leadIds: ['a', 'b'], targetStatus: 'won', confirmMessage: 'This is final.' }

  async function ask() {
    const client = await createFakeSyncClient()
    const page = (target: Target) => (
      <CriticalButtonsProvider client={client}>
        <LeadStatusBulkUpdateButton {...target} variant="with-confirm" />
      </CriticalButtonsProvider>
    )
    const { rerender } = render(page(first))
    const press = (part: string) => act(() => document.querySelector<HTMLElement>(`[data-part="${part}"]`)?.click())
    const asked = () => screen.getByRole('alertdialog').textContent
    return { client, choose: (target: Target) => rerender(page(target)), press, asked }
  }

  const ASKED_OTHER = 'Mark 2 leads as won?This is final.CancelMark 2 leads as won'
  const failed = { failed: 1, updated: 2, failures: [{ leadId: 'a', code: 'ROW_BUSY' }] }

  it.each(['partial', 'conflict', 'error', 'unknown'] as const)(
    'names what it sends, though an earlier %s still stands there',
    async (phase) => {
      const { client, choose, press, asked } = await ask()
      choose({ ...first, confirm: false })
      press('button')
      await act(() => client.drive(phase === 'partial' ? { phase, answer: failed } : phase))
      choose(other)
      press('button')
      expect(asked()).toBe(ASKED_OTHER)
      press('dialog-confirm')
      expect(client.submissions.at(-1)?.request).toEqual({ leadIds: ['a', 'b'], status: 'won' })
    },
  )

  it('names what it sends when the click was refused and is tried again', async () => {
    const { client, choose, press, asked } = await ask()
    press('button')
    press('dialog-confirm')
    await act(() => client.drive({ phase: 'partial', answer: failed }))
    choose(other)
    press('button')
    const { submit } = client
    client.submit = () => {
      client.submit = submit
      throw Object.assign(new Error('This device is full.'), { code: 'STORAGE_FULL' })
    }
    press('dialog-confirm')
    expect(asked()).toBe('Mark 2 leads as won?This is final.Leads not updated. This device is fullCancelTry again')
    press('dialog-confirm')
    expect(client.submissions.at(-1)?.request).toEqual({ leadIds: ['a', 'b'], status: 'won' })
  })

  it('stays about what was asked when the host chooses something else meanwhile', async () => {
    const { client, choose, press, asked } = await ask()
    press('button')
    choose(other)
    expect(asked()).toBe('Mark 3 leads as negotiating?Mark them as negotiating?CancelMark 3 leads as negotiating')
    press('dialog-confirm')
    expect(client.submissions.at(-1)?.request).toEqual({ leadIds: ['a', 'b', 'c'], status: 'negotiating' })
  })
})
