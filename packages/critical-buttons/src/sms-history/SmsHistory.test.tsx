import { afterEach, describe, expect, it } from '@jest/globals'
import { PATHS, smsSend } from '@org/contracts'
import { anSmsMessage } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { closePages, openPage, type Page } from '../../test/harness.js'
import { useSmsHistory } from '../hooks/useSmsHistory.js'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SmsHistory } from './SmsHistory.js'

const at = '2026-01-15T10:30:00.000Z'
const sms = { ...anSmsMessage({ state: 'indeterminate', status: 'indeterminate' }), leadId: 'lead-123', sentAt: at }

/** The server lists one, and this device still asks after its own of the same text. */
async function show(listed: object): Promise<void> {
  const client = await createFakeSyncClient({ read: () => ({ status: 200, body: { sms_messages: [listed] } }) })
  await client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, 'checking')
  await act(async () => {
    render(
      <CriticalButtonsProvider client={client}>
        <SmsHistory leadId="lead-123" />
      </CriticalButtonsProvider>,
    )
  })
}

it('shows an SMS once that this device still asks after and the server already lists', async () => {
  await show(sms)
  expect(await screen.findByText('Checking whether it was sent')).toBeVisible()
  expect(screen.getAllByText('Hi Anna')).toHaveLength(1)
})

it.each([
  ['shows it once also when it was sent before this device was answered', 1_000, 1],
  ['shows a second one of the same text beside an earlier one that was sent', -60_000, 2],
])('%s', async (_, afterMs, count) => {
  const created_at = new Date(Date.now() + afterMs).toISOString()
  const sent = { ...sms, ...anSmsMessage({ state: 'sent', status: 'sent', created_at, sent_at: created_at }) }
  await show(sent)
  expect(await screen.findByText('Sent')).toBeVisible()
  expect(screen.getAllByText('Hi Anna')).toHaveLength(count)
})

it.each([
  ['queued', 'Waiting to be sent', undefined],
  ['checking', 'Checking whether it was sent', undefined],
  ['unknown', 'Outcome unknown. Look at the record before you try again', undefined],
  ['error', 'Failed', 'This person asked not to get SMS any more (STOP). Nothing was sent'],
] as const)('tells how a click stands that the server does not list: %s', async (phase, label, reason) => {
  const client = await createFakeSyncClient({ read: () => ({ status: 200, body: { sms_messages: [] } }) })
  await client.click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' }, { phase, ...(phase === 'error' && { code: 'OPTED_OUT' }) })
  await act(async () => {
    render(
      <CriticalButtonsProvider client={client}>
        <SmsHistory leadId="lead-123" />
      </CriticalButtonsProvider>,
    )
  })
  expect(screen.getByText('Hi Anna').closest('li')).toHaveTextContent(label)
  if (reason !== undefined) expect(screen.getByText(reason)).toBeVisible()
  else expect(screen.getByText(label)).toBeVisible()
})

const seen: string[] = []
function Look({ leadId }: { leadId: string }) {
  const { messages, status } = useSmsHistory(leadId)
  seen.push(`${leadId}: ${status}, ${messages.length}`)
  return null
}

describe('"No SMS yet" is said of nobody whose messages are not known', () => {
  const ana = { actor: 'user-456', tenant: 'org-1' }
  const ben = { actor: 'ben', tenant: 'org-1' }
  afterEach(closePages)

  const open = (user: typeof ana | null, content = <SmsHistory leadId="lead-123" />): Promise<Page> =>
    openPage(content, {
      user,
      adapters: (own) => ({
        // The code that keeps rows up to date is missing: what is read once has to do.
        loadRealtime: () => Promise.reject(new Error('gone')),
        transport: {
          send: async (request) => {
            const answer = await own.transport.send(request)
            const isMissing = request.path !== PATHS.smsHistory('lead-123') || page?.sync.server.user === null
            return isMissing || answer.kind !== 'answer' ? answer : { ...answer, status: 200, json: { sms_messages: [sms] } }
          },
        },
      }),
    })
  let page: Page | undefined

  it('after somebody else has signed in', async () => {
    page = await open(ana)
    expect(screen.getByText('Hi Anna')).toBeVisible()
    page.sync.server.user = ben
    await act(async () => void page?.sync.client.refreshIdentity())
    await page.rest()
    expect(screen.queryByText('No SMS yet')).toBeNull()
    expect(screen.getByText('Hi Anna')).toBeVisible()
  })

  it('before anybody has, and afterwards they are read', async () => {
    page = await open(null)
    expect(screen.queryByText('No SMS yet')).toBeNull()
    page.sync.server.user = ana
    await act(async () => void page?.sync.client.refreshIdentity())
    await page.rest()
    expect(screen.getByText('Hi Anna')).toBeVisible()
  })

  it('at the first look at another lead', async () => {
    page = await open(ana, <Look leadId="lead-123" />)
    expect(seen.at(-1)).toBe('lead-123: success, 1')
    await page.show(<Look leadId="lead-124" />)
    expect(seen.filter((look) => look.startsWith('lead-124'))[0]).toBe('lead-124: pending, 0')
  })

  it('while it is asked who is here after the page was put aside', async () => {
    page = await open(ana)
    page.sync.server.hold()
    await act(async () => {
      page?.sync.tab.freeze()
      page?.sync.tab.thaw()
    })
    await page.rest()
    expect(screen.queryByText('Hi Anna')).toBeNull()
    expect(screen.queryByText('No SMS yet')).toBeNull()
    page.sync.server.release()
    await page.rest()
    expect(screen.getByText('Hi Anna')).toBeVisible()
  })
})

it('does not say that there are none before another client was asked', async () => {
  const client = await createFakeSyncClient({ read: () => ({ status: 200, body: { sms_messages: [] } }) })
  const silent = await createFakeSyncClient({ read: () => new Promise(() => {}) })
  const page = (shown: typeof client) => (
    <CriticalButtonsProvider client={shown}>
      <SmsHistory leadId="lead-123" />
    </CriticalButtonsProvider>
  )
  const { rerender } = render(page(client))
  expect(await screen.findByText('No SMS yet')).toBeVisible()
  rerender(page(silent))
  expect(screen.queryByText('No SMS yet')).toBeNull()
})
