import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import {
  LeadStatusBulkUpdateButton,
  type LeadStatusBulkUpdateButtonProps,
} from '../../src/lead-status-bulk-update-button/LeadStatusBulkUpdateButton.js'
import { closePages, openPage } from '../harness.js'

afterEach(() => {
  closePages()
  jest.useRealTimers()
})

const ids = Array.from({ length: 2_500 }, (_, index) => `lead-${index}`)
const some = ids.slice(0, 450)
const rows = { leads: ids.map((id) => aLead({ id })) }
const unheard = { status: 200, body: undefined, echo: false }

const bulk = (props: Partial<LeadStatusBulkUpdateButtonProps> = {}) => (
  <LeadStatusBulkUpdateButton leadIds={some} targetStatus="contacted" variant="with-progress" {...props} />
)
const button = () => document.querySelector<HTMLElement>('[data-part="button"]') as HTMLElement
const bar = () => screen.queryByRole('progressbar')

/** 250 of 450 leads are done, then the page is closed and opened again with something on it. */
async function openAgain(content: React.ReactNode) {
  const page = await openPage(bulk(), { rows })
  page.sync.server.next(unheard)
  act(() => button().click())
  await page.rest()
  expect(bar()).toHaveAttribute('aria-valuenow', '250')
  page.sync.server.stop()
  await page.reload(content)
  return page
}

it('a bulk update of 2,500 leads is sent in parts, and its rows are counted', async () => {
  const onSuccess = jest.fn()
  const page = await openPage(bulk({ leadIds: ids, onSuccess }), { rows })
  page.sync.server.hold()
  act(() => button().click())
  await page.rest()
  expect(bar()).toHaveAttribute('aria-valuemax', '2500')
  expect(bar()).toHaveAttribute('aria-valuenow', '0')
  act(() => page.sync.server.release())
  await page.advance(10_000)
  expect(page.sync.server.effects).toHaveLength(13)
  expect(onSuccess.mock.calls).toMatchObject([[{ updated: 2_500, failed: 0, status: 'contacted' }]])
})

describe('a bulk button that is mounted again', () => {
  it.each([
    ['with the same leads', some],
    ['with the same leads in another order, as rows', some.toReversed().map((id) => ({ id }))],
    ['with no lead selected any more', []],
  ])('shows the bulk update that is under way, and tells its ending: %s', async (_, leadIds) => {
    const onSuccess = jest.fn()
    const onProgress = jest.fn()
    const page = await openAgain(bulk({ leadIds, onSuccess, onProgress }))
    expect(button()).toHaveTextContent('Mark 450 leads as contacted')
    expect(button()).toHaveAttribute('aria-disabled', 'true')
    expect(bar()).toHaveAttribute('aria-valuenow', '250')
    expect(bar()).toHaveAttribute('aria-valuemax', '450')
    page.sync.server.start()
    await page.advance(60_000)
    expect(new Set(page.sync.server.effects).size).toBe(3)
    expect(onSuccess.mock.calls).toMatchObject([[{ updated: 450, failed: 0, status: 'contacted' }]])
    expect(onProgress).toHaveBeenLastCalledWith(expect.objectContaining({ processed: 450, total: 450 }), expect.anything())
  })

  it('finds it also when the selection comes later', async () => {
    const page = await openAgain(bulk({ leadIds: ['lead-1'] }))
    expect(bar()).toBeNull()
    await page.show(bulk())
    expect(bar()).toHaveAttribute('aria-valuenow', '250')
  })

  it.each([
    ['other leads', { leadIds: ['lead-0', 'lead-2000'] }],
    ['some of the leads', { leadIds: some.slice(1) }],
    ['more leads', { leadIds: ids }],
    ['another status', { targetStatus: 'lost' }],
  ] as const)('is free for %s', async (_, other) => {
    await openAgain(bulk(other))
    expect(bar()).toBeNull()
    expect(button()).toHaveAttribute('data-state', 'idle')
    expect(button()).not.toHaveAttribute('aria-disabled')
  })

  it('shows the one of another tab too', async () => {
    const page = await openPage(bulk(), { rows })
    const other = await page.sync.openTab()
    page.sync.server.hold()
    const { leadBulkUpdateStatus } = await import('@org/contracts')
    other.client.submit(leadBulkUpdateStatus, { leadIds: some, status: 'contacted' })
    await page.rest()
    expect(bar()).toHaveAttribute('aria-valuemax', '450')
  })

  it('shows what failed while nobody looked, until a person has seen it', async () => {
    const page = await openAgain(<p>Another page</p>)
    page.sync.server.start()
    page.sync.server.next('FORBIDDEN')
    await page.advance(60_000)
    await page.show(bulk())
    expect(button()).toHaveAttribute('data-state', 'partial')
    act(() => screen.getByRole('button', { name: 'Dismiss' }).click())
    await page.rest()
    expect(button()).toHaveAttribute('data-state', 'idle')
    await page.reload(bulk())
    expect(button()).toHaveAttribute('data-state', 'idle')
  })

  it('is back at rest a moment after it has succeeded, and free for the next click', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick', 'Date'] })
    const page = await openPage(bulk(), { rows })
    act(() => button().click())
    await page.rest()
    expect(button()).toHaveTextContent('450 leads updated')
    act(() => jest.advanceTimersByTime(3_000))
    expect(button()).toHaveAttribute('data-state', 'idle')
    expect(button()).toHaveTextContent('Mark 450 leads as contacted')
  })
})
