import { describe, expect, it } from '@jest/globals'
import type { LeadStatus } from '@org/contracts'
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

  it('calls no lead failed that was taken back in time', () => {
    const { client, button } = show()
    act(() => button().click())
    const counts = { updated: 1, failed: 0, cancelled: 2, failures: [] }
    act(() => void client.drive({ phase: 'partial', error: { code: 'PARTIAL', message: '', willRetry: false, ...counts } }))
    expect(screen.getByText('1 updated, 2 cancelled in time')).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: /Retry/ })).not.toBeInTheDocument()
  })

  it('counts no failed lead as updated while it goes on', () => {
    const client = createFakeSyncClient()
    render(
      <CriticalButtonsProvider client={client}>
        <LeadStatusBulkUpdateButton leadIds={['a', 'b', 'c']} targetStatus="contacted" variant="with-progress" />
      </CriticalButtonsProvider>,
    )
    act(() => screen.getByRole('button').click())
    act(() => void client.drive({ phase: 'running', progress: { processed: 2, total: 3, failed: 1 } }))
    expect(screen.getByText('1 of 3 updated, 1 failed')).toBeInTheDocument()
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

  function ask() {
    const client = createFakeSyncClient()
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

  it.each(['partial', 'conflict', 'error', 'unknown'] as const)('names what it sends, though an earlier %s still stands there', (phase) => {
    const { client, choose, press, asked } = ask()
    choose({ ...first, confirm: false })
    press('button')
    act(() => void client.drive({ phase, error: { code: 'PARTIAL', message: '', willRetry: false, ...failed } }))
    choose(other)
    press('button')
    expect(asked()).toBe(ASKED_OTHER)
    press('dialog-confirm')
    expect(client.submissions.at(-1)?.request).toEqual({ leadIds: ['a', 'b'], status: 'won' })
  })

  it('names what it sends when the click was refused and is tried again', () => {
    const { client, choose, press, asked } = ask()
    press('button')
    press('dialog-confirm')
    act(() => void client.drive({ phase: 'partial', error: { code: 'PARTIAL', message: '', willRetry: false, ...failed } }))
    choose(other)
    press('button')
    client.refuseNext(Object.assign(new Error('This device is full.'), { code: 'STORAGE_FULL' }))
    press('dialog-confirm')
    expect(asked()).toBe('Mark 2 leads as won?This is final.Leads not updated. This device is fullCancelTry again')
    press('dialog-confirm')
    expect(client.submissions.at(-1)?.request).toEqual({ leadIds: ['a', 'b'], status: 'won' })
  })

  it('stays about what was asked when the host chooses something else meanwhile', () => {
    const { client, choose, press, asked } = ask()
    press('button')
    choose(other)
    expect(asked()).toBe('Mark 3 leads as negotiating?Mark them as negotiating?CancelMark 3 leads as negotiating')
    press('dialog-confirm')
    expect(client.submissions.at(-1)?.request).toEqual({ leadIds: ['a', 'b', 'c'], status: 'negotiating' })
  })
})
