import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { type AnyAction, bookingConfirm, leadBulkUpdateStatus, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment, anSmsMessage } from '@org/contracts/testing'
import { act, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import {
  BookingConfirmButton,
  CriticalButton,
  CriticalButtonsProvider,
  LeadStatusBulkUpdateButton,
  LeadStatusButton,
  OfflineIndicator,
  SendSMSButton,
  SmsHistory,
} from '../../src/index.js'
import { SyncInspector } from '../../src/sync-inspector/SyncInspector.js'
import { createFakeSyncClient, type FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import type { PhaseSetting } from '../../src/testing/PhaseSetting.js'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** What a browser's page translation leaves: each text in an element of its own, which React knows nothing of. */
function translate(root: Element): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) texts.push(walker.currentNode as Text)
  for (const text of texts) {
    const font = document.createElement('font')
    font.textContent = text.data
    text.replaceWith(font)
  }
}

const leads = [aLead(), aLead({ id: 'lead-124', name: 'Ben Ito' })]
const open = () => createFakeSyncClient({ rows: { leads, appointments: [anAppointment()], sms_messages: [] }, read: readHistory })
const readHistory = () => ({ status: 200, body: { sms_messages: [] } })
const show = (client: FakeSyncClient, content: ReactNode) =>
  render(<CriticalButtonsProvider client={client}>{content}</CriticalButtonsProvider>)
const wait = (ms: number) => act(async () => void jest.advanceTimersByTime(ms))

const reschedule = {
  ...bookingConfirm,
  name: 'appointment.reschedule',
} as unknown as AnyAction

const COMPONENTS: [name: string, action: AnyAction, request: object, content: ReactNode][] = [
  ['BookingConfirmButton', bookingConfirm, { appointmentId: 'apt-123' }, <BookingConfirmButton key="b" appointmentId="apt-123" />],
  [
    'BookingConfirmButton with texts of its host',
    bookingConfirm,
    { appointmentId: 'apt-123' },
    <BookingConfirmButton key="b" appointmentId="apt-123">
      Confirm {'First consultation'} <b>now</b>
    </BookingConfirmButton>,
  ],
  [
    'BookingConfirmButton, compact, with progress',
    bookingConfirm,
    { appointmentId: 'apt-123' },
    <BookingConfirmButton key="b" appointmentId="apt-123" status="compact" variant="with-progress">
      Confirm {'First consultation'}
    </BookingConfirmButton>,
  ],
  [
    'SendSMSButton with progress',
    smsSend,
    { leadId: 'lead-123', message: 'Hi Anna' },
    <SendSMSButton key="s" leadId="lead-123" message="Hi Anna" variant="with-progress" />,
  ],
  [
    'LeadStatusButton',
    leadUpdateStatus,
    { leadId: 'lead-123', status: 'qualified' },
    <LeadStatusButton key="l" leadId="lead-123" currentStatus="new" />,
  ],
  [
    'LeadStatusBulkUpdateButton',
    leadBulkUpdateStatus,
    { leadIds: ['lead-123', 'lead-124'], status: 'contacted' },
    <LeadStatusBulkUpdateButton key="m" leadIds={['lead-123', 'lead-124']} targetStatus="contacted" variant="with-progress" />,
  ],
  [
    'CriticalButton',
    reschedule,
    { appointmentId: 'apt-123' },
    <CriticalButton key="c" action={reschedule} request={{ appointmentId: 'apt-123' }}>
      <i>Move</i> {'it'}
    </CriticalButton>,
  ],
  ['OfflineIndicator', smsSend, { leadId: 'lead-123', message: 'Hi' }, <OfflineIndicator key="o" alwaysShown />],
  ['SmsHistory', smsSend, { leadId: 'lead-123', message: 'Hi' }, <SmsHistory key="h" leadId="lead-123" />],
  ['SyncInspector', smsSend, { leadId: 'lead-123', message: 'Hi' }, <SyncInspector key="i" />],
]

/** Answers that leave everything to be done once more. */
const DONE = { appointment: anAppointment(), lead: leads[0], sms: anSmsMessage(), updated: 2, failed: 0, leads }
const PARTIAL = { updated: 1, failed: 1, failures: [{ leadId: 'lead-124', code: 'NOT_FOUND' }] }
const SETTINGS: PhaseSetting[] = [
  { phase: 'running' },
  { phase: 'retrying' },
  { phase: 'queued' },
  { phase: 'circuit-open' },
  { phase: 'checking' },
  { phase: 'success', answer: DONE },
  { phase: 'partial', answer: PARTIAL },
  { phase: 'conflict' },
  { phase: 'error' },
  { phase: 'unknown' },
]

/** Through every state, and in larger steps. */
const PATH = [1, 3].flatMap((stride) => SETTINGS.map((_, step) => SETTINGS[(step * stride) % SETTINGS.length]!))

/** Longer than the same SMS is taken for a repetition. */
const LATER_MS = 61_000

/** Goes through the states, and translates before each step where asked to; what is read at the end. */
async function readAlong(index: number, isTranslated: boolean): Promise<(string | null)[]> {
  const [, action, request, content] = COMPONENTS[index]!
  jest.setSystemTime(Date.UTC(2026, 0, 15, 10, 30))
  const client = await open()
  const { container, unmount } = show(client, content)
  await act(() => client.settle())
  const read: (string | null)[] = []
  let id = ''
  const atRest = async () => {
    if (client.getMutation(id)?.settled === false) await client.drive('error', id)
    client.dismiss(id)
    await client.goOnline()
    if (action === smsSend) await client.advance(LATER_MS)
    jest.advanceTimersByTime(3_000)
  }
  const clickAnew = () => {
    const button = container.querySelector<HTMLElement>('[data-part="button"]:not([aria-haspopup])')
    if (button) button.click()
    else client.submit(action, request)
    id = client.submissions.at(-1)?.id ?? ''
  }
  let before = SETTINGS.length
  for (const setting of PATH) {
    if (setting.phase === 'partial' && action !== leadBulkUpdateStatus) continue
    if (isTranslated) translate(container)
    // A click goes forward alone: what was taken over is not tried again, and what has ended stays as it is.
    const isNext = SETTINGS.indexOf(setting) > before && client.getMutation(id)?.settled === false
    before = SETTINGS.indexOf(setting)
    if (!isNext) {
      await act(atRest)
      act(clickAnew)
    }
    await act(() => client.drive(setting, id))
    await wait(700)
    read.push(`${setting.phase}: ${container.textContent}`)
  }
  if (isTranslated) translate(container)
  await act(atRest)
  read.push(container.textContent)
  unmount()
  return read
}

describe.each(COMPONENTS.map(([name], index) => [name, index] as const))('%s on a translated page', (_name, index) => {
  it('goes from state to state, says in each what it says on any page, and is still there', async () => {
    expect(await readAlong(index, true)).toEqual(await readAlong(index, false))
  })
})

describe('on a translated page', () => {
  it('the question and the menu open, change and close', async () => {
    const client = await open()
    const { container } = show(
      client,
      <>
        <BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />
        <LeadStatusButton leadId="lead-123" currentStatus="new" variant="with-confirm" />
      </>,
    )
    const press = (selector: string) => {
      translate(document.body)
      return act(async () => container.querySelector<HTMLElement>(selector)?.click())
    }
    await press('[data-component="BookingConfirmButton"]')
    await act(() => client.commit('appointments', anAppointment({ version: 2, title: 'Moved consultation' })))
    expect(container.querySelector('dialog')).toHaveTextContent('This changed while you were deciding. Please confirm again')
    await press('[data-part="dialog-confirm"]')
    await press('[data-part="dialog-confirm"]')
    translate(document.body)
    await act(() => client.fail({ code: 'EFFECT_REFUSED', message: 'Something went wrong.' }))
    expect(container.querySelector('dialog')).toHaveTextContent('Booking not confirmed. Something went wrong')
    await press('[data-part="dialog-cancel"]')
    expect(container.querySelector('dialog')).toBeNull()
    await press('[data-component="LeadStatusButton"]')
    await press('[role="menuitemradio"]:nth-child(6)')
    expect(container.querySelector('dialog')).toHaveTextContent('Mark Anna Kim as won?')
    await press('[data-part="dialog-confirm"]')
    expect(client.submissions).toHaveLength(2)
  })

  it('a label of the host follows its text', async () => {
    const client = await open()
    const page = (title: string) => (
      <CriticalButtonsProvider client={client}>
        <BookingConfirmButton appointmentId="apt-123">
          Confirm {title} <i>now</i>
        </BookingConfirmButton>
      </CriticalButtonsProvider>
    )
    const { container, rerender } = render(page('one'))
    translate(container)
    rerender(page('two'))
    expect(container).toHaveTextContent('Confirm two now')
  })

  it('why a button cannot be used yet follows what is known', async () => {
    const client = await createFakeSyncClient({ user: 'loading' })
    const { container } = show(client, <BookingConfirmButton appointmentId="apt-123" />)
    act(() => container.querySelector('button')?.click())
    translate(container)
    await act(() => client.signIn(null))
    expect(container).toHaveTextContent('You are not signed in')
    translate(container)
    await act(() => client.signIn({ actor: 'user-456', tenant: 'org-1' }))
    expect(container.textContent).toBe('Confirm booking')
  })
})
