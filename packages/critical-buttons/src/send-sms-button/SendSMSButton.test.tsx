import { describe, expect, it } from '@jest/globals'
import { aLead, anSmsMessage } from '@org/contracts/testing'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SendSMSButton } from './SendSMSButton.js'

async function show() {
  const client = await createFakeSyncClient({ rows: { leads: [aLead()] } })
  const page = (message: string, confirm: boolean) => (
    <CriticalButtonsProvider client={client} announce={() => {}} resolveUser={(id) => (id === 'user-789' ? 'Ben' : id)}>
      <SendSMSButton leadId="lead-123" message={message} confirm={confirm} confirmMessage={`“${message}”`} />
    </CriticalButtonsProvider>
  )
  const { rerender } = render(page('Hi Anna', false))
  const write = (message: string, confirm = false) => rerender(page(message, confirm))
  const press = (part: string) => act(() => document.querySelector<HTMLElement>(`[data-part="${part}"]`)?.click())
  const sent = () => client.submissions.map(({ request }) => (request as { message: string }).message)
  return { client, write, press, sent }
}

describe('SendSMSButton', () => {
  it('sends again what had been sent, whatever stands there now', async () => {
    const { client, write, press, sent } = await show()
    press('button')
    await act(() => client.succeed())
    press('button')
    await act(() => client.settle())
    expect(client.world.server.writes).toHaveLength(1)
    expect(screen.getByText('Sent a moment ago, so it was not sent twice')).toBeInTheDocument()
    write('Something else')
    await act(async () => document.querySelector<HTMLElement>('[data-action="sendAgain"]')?.click())
    expect(sent()).toEqual(['Hi Anna', 'Hi Anna'])
  })

  it('says whose SMS the same text already is, and sends it again for who insists', async () => {
    const { client, press } = await show()
    press('button')
    await act(() => client.succeed({ success: true, duplicate: true, sentBy: 'user-789', sms: { id: 'sms-1' } }))
    expect(screen.getByText('Ben sent it a moment ago, so it was not sent twice')).toBeInTheDocument()
    await act(async () => document.querySelector<HTMLElement>('[data-action="sendAgain"]')?.click())
    expect(client.submissions.map(({ request }) => request)).toEqual([
      { leadId: 'lead-123', message: 'Hi Anna' },
      { leadId: 'lead-123', message: 'Hi Anna', again: true },
    ])
    await act(() => client.succeed({ success: true, sms: { id: 'sms-2' } }))
    expect(screen.queryByText(/so it was not sent twice/)).toBeNull()
  })

  it('names nobody where it was oneself, on another device perhaps', async () => {
    const { client, press } = await show()
    press('button')
    await act(() => client.succeed({ success: true, duplicate: true, sentBy: 'user-456', sms: { id: 'sms-1' } }))
    expect(screen.getByText('Sent a moment ago, so it was not sent twice')).toBeInTheDocument()
  })

  it('can be cancelled while it waits at the server, and sent again when nobody knows what became of it', async () => {
    const { client, press } = await show()
    press('button')
    const actions = () => [...document.querySelectorAll('[data-part="action"]')].map(({ textContent }) => textContent)
    await act(() => client.drive({ phase: 'checking', answer: { sms: anSmsMessage({ state: 'pending' }) } }))
    expect([screen.getByText('Waiting to be sent'), actions()]).toEqual([expect.anything(), ['Cancel']])
    await act(() => client.drive('checking'))
    expect(actions()).toEqual(['Cancel'])
    await act(() => client.drive('unknown'))
    expect(actions()).toEqual(['Check again', 'Send again', 'Dismiss'])
  })

  it('asks about the text it sends', async () => {
    const { write, press, sent } = await show()
    write('Hi Anna', true)
    press('button')
    write('Something else', true)
    expect(screen.getByRole('alertdialog')).toHaveAccessibleDescription('“Hi Anna”')
    press('dialog-confirm')
    expect(sent()).toEqual(['Hi Anna'])
  })
})

it('offers no second try to a number that cannot receive SMS, and says what to do', async () => {
  const { client, press } = await show()
  press('button')
  const message = 'This lead has no phone number that can receive SMS. Correct the number first.'
  await act(() => client.fail({ code: 'PHONE_INVALID', message }))
  expect(screen.getByText(`SMS not sent. ${message.slice(0, -1)}`)).toBeInTheDocument()
  expect([...document.querySelectorAll('[data-part="action"]')].map(({ textContent }) => textContent)).toEqual(['Dismiss'])
})
