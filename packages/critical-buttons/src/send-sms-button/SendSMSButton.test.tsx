import { describe, expect, it } from '@jest/globals'
import { act, render, screen } from '@testing-library/react'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { SendSMSButton } from './SendSMSButton.js'

function show() {
  const client = createFakeSyncClient()
  const page = (message: string, confirm: boolean) => (
    <CriticalButtonsProvider client={client}>
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
    const { client, write, press, sent } = show()
    // The queue joins a repetition to what has just succeeded, so nothing is sent.
    const submit = client.submit.bind(client)
    press('button')
    act(() => void client.succeed({ success: true }))
    client.submit = (action, request, options, callbacks) =>
      options?.again ? submit(action, request, options, callbacks) : { id: client.submissions[0]?.id ?? '', settled: new Promise(() => {}) }
    press('button')
    expect(screen.getByText('Sent a moment ago, so it was not sent twice')).toBeInTheDocument()
    write('Something else')
    await act(async () => document.querySelector<HTMLElement>('[data-action="sendAgain"]')?.click())
    expect(sent()).toEqual(['Hi Anna', 'Hi Anna'])
  })

  it('asks about the text it sends', () => {
    const { write, press, sent } = show()
    write('Hi Anna', true)
    press('button')
    write('Something else', true)
    expect(screen.getByRole('alertdialog')).toHaveAccessibleDescription('“Hi Anna”')
    press('dialog-confirm')
    expect(sent()).toEqual(['Hi Anna'])
  })
})

it('offers no second try to a number that cannot receive SMS, and says what to do', () => {
  const { client, press } = show()
  press('button')
  const message = 'This lead has no phone number that can receive SMS. Correct the number first.'
  act(() => void client.fail({ code: 'PHONE_INVALID', message }))
  expect(screen.getByText(`SMS not sent. ${message.slice(0, -1)}`)).toBeInTheDocument()
  expect([...document.querySelectorAll('[data-part="action"]')].map(({ textContent }) => textContent)).toEqual(['Dismiss'])
})
