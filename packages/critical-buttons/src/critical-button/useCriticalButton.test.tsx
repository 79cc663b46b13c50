import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { bookingConfirm, smsSend } from '@org/contracts'
import { anAppointment } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { createRef, type ReactNode } from 'react'
import { BookingConfirmButton } from '../booking-confirm-button/BookingConfirmButton.js'
import { useSyncMutation } from '../hooks/useSyncMutation.js'
import { CriticalButtonsProvider, type CriticalButtonsProviderProps } from '../provider/CriticalButtonsProvider.js'
import { SendSMSButton } from '../send-sms-button/SendSMSButton.js'
import { createAnnouncementLog } from '../testing/announcementLog.js'
import { createFakeSyncClient, type FakeSyncClientOptions } from '../testing/createFakeSyncClient.js'
import type { CriticalButtonOptions } from './CriticalButtonOptions.js'
import { useCriticalButton } from './useCriticalButton.js'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const wait = (ms: number) => act(() => void jest.advanceTimersByTime(ms))
const button = () => screen.getAllByRole('button')[0] as HTMLButtonElement

async function show(content: ReactNode, options: FakeSyncClientOptions = {}, provider: Partial<CriticalButtonsProviderProps> = {}) {
  const client = await createFakeSyncClient(options)
  const log = createAnnouncementLog()
  const around = (inside: ReactNode) => (
    <CriticalButtonsProvider {...provider} options={undefined} client={client} announce={log.announce}>
      {inside}
    </CriticalButtonsProvider>
  )
  const page = render(around(content))
  return { ...page, client, log, again: (inside: ReactNode) => page.rerender(around(inside)) }
}

/** A button as a team writes it. */
function TeamButton(options: Partial<CriticalButtonOptions<typeof bookingConfirm>>) {
  const { getButtonProps, label, icon, parts, Parts } = useCriticalButton(bookingConfirm, {
    request: { appointmentId: 'apt-123' },
    ...options,
  })
  return (
    <div>
      <button {...getButtonProps({ className: 'team' })} data-icon={icon}>
        {label}
      </button>
      {parts === null && <i>at rest</i>}
      <Parts of={parts} />
    </div>
  )
}

describe('a button of a team’s own, by the hook', () => {
  it('sends once for a double click, says how it stands, and is at rest again', async () => {
    const { client, log } = await show(<TeamButton subject="Anna" messages={{ label: () => 'Go', done: () => 'Gone' }} />)
    expect(button()).toHaveTextContent('Go')
    expect(screen.getByText('at rest')).toBeVisible()
    act(() => {
      button().click()
      button().click()
    })
    expect(client.submissions).toHaveLength(1)
    expect(button()).toHaveAttribute('aria-disabled', 'true')
    wait(1_000)
    expect(button()).toHaveAttribute('data-icon', 'spinner')
    expect(log.texts()).toEqual(['Working: Anna'])
    await act(() => client.fail({ code: 'EFFECT_REFUSED', message: 'Broken.' }))
    expect(button()).toHaveAccessibleDescription('Not done. Broken')
    expect(button()).toHaveClass('team')
    expect(button()).not.toHaveClass('cb-button')
    act(() => screen.getByRole('button', { name: 'Dismiss' }).click())
    expect(screen.getByText('at rest')).toBeVisible()
    expect(button()).toHaveFocus()
  })

  it('asks first where it is told to, and gives the focus back', async () => {
    const { client } = await show(<TeamButton confirm confirmMessage="Sure?" />)
    act(() => button().click())
    expect(screen.getByRole('alertdialog')).toHaveAccessibleDescription('Sure?')
    act(() => document.querySelector<HTMLElement>('[data-part="dialog-cancel"]')?.click())
    expect(button()).toHaveFocus()
    expect(client.submissions).toHaveLength(0)
  })

  it('goes back to its label two seconds after a success', async () => {
    const { client } = await show(<TeamButton messages={{ label: () => 'Go', done: () => 'Gone' }} />, {
      rows: { appointments: [anAppointment()] },
    })
    act(() => button().click())
    await act(() => client.succeed())
    expect(button()).toHaveTextContent('Gone')
    wait(2_000)
    expect(button()).toHaveTextContent('Go')
  })
})

describe('render', () => {
  it('puts an element of the host in the place of ours: its props, handlers and refs stay', async () => {
    const [own, outer] = [createRef<HTMLButtonElement>(), createRef<HTMLButtonElement>()]
    const clicks: string[] = []
    const { client } = await show(
      <BookingConfirmButton
        ref={outer}
        appointmentId="apt-123"
        className="outer"
        onClick={() => clicks.push('outer')}
        render={<button type="button" ref={own} className="own" style={{ color: 'red' }} onClick={() => clicks.push('own')} />}
      />,
    )
    expect(own.current).toBe(button())
    expect(outer.current).toBe(button())
    expect(button().className).toBe('own outer')
    expect(button().style.color).toBe('red')
    expect(button()).toHaveTextContent('Confirm booking')
    act(() => button().click())
    expect(clicks).toEqual(['own', 'outer'])
    expect(client.submissions).toHaveLength(1)
    expect(button()).toHaveAttribute('data-state', 'running')
  })

  it("takes the button back from a ref by the ref's own clean-up where it gave one, else by null", async () => {
    const calls: string[] = []
    const cleaning = (name: string) => (node: HTMLButtonElement | null) => {
      calls.push(node === null ? `${name} null` : name)
      return () => void calls.push(`${name} cleaned`)
    }
    const plain = (node: HTMLButtonElement | null) => void calls.push(node === null ? 'plain null' : 'plain')
    const { again, unmount } = await show(
      <BookingConfirmButton ref={cleaning('outer')} appointmentId="apt-123" render={<button type="button" ref={cleaning('own')} />} />,
    )
    again(<BookingConfirmButton ref={plain} appointmentId="apt-123" />)
    unmount()
    expect(calls).toEqual(['own', 'outer', 'own cleaned', 'outer cleaned', 'plain', 'plain null'])
  })

  it('gives a function of the host the props and the state', async () => {
    const { client } = await show(
      <SendSMSButton
        leadId="lead-123"
        message="Hi"
        render={({ children, ...props }, { phase, isLocked, label }) => (
          <button {...props} data-phase={phase} data-locked={isLocked} data-label={label}>
            {children}
          </button>
        )}
      />,
    )
    act(() => button().click())
    expect(client.submissions).toHaveLength(1)
    expect(button()).toHaveAttribute('data-phase', 'running')
    expect(button()).toHaveAttribute('data-locked', 'true')
    expect(button()).toHaveAttribute('data-label', 'Send SMS')
  })
})

describe('what is done already', () => {
  const confirmed = anAppointment({ status: 'confirmed', version: 2 })
  const one = (onAlreadyDone: (row: { id: string }) => void, more: object = {}) => (
    <BookingConfirmButton appointmentId="apt-123" onAlreadyDone={onAlreadyDone} {...more} />
  )

  it('is told once at mount, with the row', async () => {
    const onAlreadyDone = jest.fn()
    const { again } = await show(one(onAlreadyDone), { rows: { appointments: [confirmed] } })
    again(one(onAlreadyDone))
    expect(onAlreadyDone.mock.calls).toEqual([[confirmed]])
  })

  it('is told once when someone else does it, and again for another record', async () => {
    const onAlreadyDone = jest.fn()
    const other = anAppointment({ id: 'apt-124', status: 'confirmed' })
    const { client, again } = await show(one(onAlreadyDone), { rows: { appointments: [anAppointment(), other] } })
    expect(onAlreadyDone).not.toHaveBeenCalled()
    await act(() => client.commit('appointments', confirmed))
    await act(() => client.commit('appointments', { ...confirmed, version: 3 }))
    expect(onAlreadyDone).toHaveBeenCalledTimes(1)
    again(one(onAlreadyDone, { appointmentId: 'apt-124' }))
    expect(onAlreadyDone).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['the answer comes first', ['answer', 'event']],
    ['the event comes first', ['event', 'answer']],
  ])('is not told of a click of one’s own, when %s', async (_name, order) => {
    const [onAlreadyDone, onSuccess] = [jest.fn(), jest.fn()]
    const { client } = await show(one(onAlreadyDone, { onSuccess }), { rows: { appointments: [anAppointment()] } })
    act(() => button().click())
    for (const step of order) {
      if (step === 'event') await act(() => client.commit('appointments', confirmed))
      else await act(() => client.succeed({ success: true, appointment: confirmed }))
    }
    wait(5_000)
    expect(onSuccess).toHaveBeenCalledTimes(1)
    expect(onAlreadyDone).not.toHaveBeenCalled()
  })

  it('keeps its page when whoever is told throws, which the page hears', async () => {
    const mine = new Error('mine')
    const onAlreadyDone = () => {
      throw mine
    }
    await show(one(onAlreadyDone), { rows: { appointments: [confirmed] } })
    expect(button()).toHaveTextContent('Confirmed')
    expect(() => wait(0)).toThrow(mine)
    expect(button()).toHaveTextContent('Confirmed')
  })

  it('is told beside the error of a click that came too late', async () => {
    const [onAlreadyDone, onError] = [jest.fn(), jest.fn()]
    const { client } = await show(one(onAlreadyDone, { onError }), { rows: { appointments: [anAppointment()] } })
    act(() => button().click())
    await act(() => client.fail('ALREADY_CONFIRMED'))
    await act(() => client.commit('appointments', confirmed))
    expect(onError).toHaveBeenCalledTimes(1)
    expect(onAlreadyDone).toHaveBeenCalledTimes(1)
  })
})

const broken = () => {
  throw new Error('broken')
}

describe('a button that cannot be used yet', () => {
  it.each([
    ['api-unreachable', 'The server cannot be reached right now', { getIdentity: broken }],
    ['api-misconfigured', 'Something else answers in place of the server', { getIdentity: () => ({}) as never }],
    ['token-unavailable', 'It is not known right now whether you are signed in', { getAccessToken: broken }],
  ] as const)('says why by its description and title, and in words when it is pressed: %s', async (reason, text, settings) => {
    const { client, log } = await show(<TeamButton />, settings)
    expect(client.getIdentity()).toEqual({ state: 'loading', reason })
    expect(button()).toHaveAttribute('aria-disabled', 'true')
    expect(button()).toHaveAccessibleDescription(text)
    expect(button().title).toBe(text)
    act(() => button().click())
    wait(0)
    expect(screen.getByText(text)).toBeVisible()
    expect(log.texts()).toEqual([text])
  })

  it('answers a press before anything is known, and forgets it when it can be used', async () => {
    const { client } = await show(<TeamButton />, { user: 'loading' })
    expect(button()).not.toHaveAttribute('title')
    act(() => button().click())
    expect(screen.getByText('One moment, it is being looked up who is signed in')).toBeVisible()
    await act(() => client.settle())
    expect(screen.getByText('at rest')).toBeVisible()
    expect(client.submissions).toHaveLength(0)
  })
})

describe('general words', () => {
  it('are for all actions, under those of one action and of one button', async () => {
    const messages = { actions: { default: { done: () => 'Fertig', label: () => 'Weiter' }, 'sms.send': { label: () => 'Senden' } } }
    await show(
      <>
        <BookingConfirmButton appointmentId="apt-123" />
        <SendSMSButton leadId="lead-123" message="Hi" />
        <SendSMSButton leadId="lead-124" message="Hi" messages={{ label: () => 'Los' }} />
      </>,
      {},
      { messages },
    )
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Weiter', 'Senden', 'Los'])
  })
})

const seenActs = new Set<unknown>()

function WatchActs() {
  const { mutate, mutateAsync, reset, confirm, dismiss, retryNow, cancel } = useSyncMutation({
    action: smsSend,
    scope: { id: 'lead:lead-123:sms' },
  })
  for (const act of [mutate, mutateAsync, reset, confirm, dismiss, retryNow, cancel]) seenActs.add(act)
  return (
    <button type="button" onClick={() => mutate({ leadId: 'lead-123', message: 'Hi' })}>
      Send
    </button>
  )
}

describe('what a hook returns to act by', () => {
  it('is the same function for as long as the component looks at the same lane', async () => {
    const { client } = await show(<WatchActs />)
    act(() => button().click())
    await act(() => client.drive('retrying'))
    await act(() => client.fail('EFFECT_REFUSED'))
    expect(seenActs.size).toBe(7)
  })
})
