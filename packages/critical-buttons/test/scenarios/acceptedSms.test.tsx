import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { aLead } from '@org/contracts/testing'
import { act, screen } from '@testing-library/react'
import { useState } from 'react'
import { SendSMSButton, type SendSMSButtonProps } from '../../src/send-sms-button/SendSMSButton.js'
import { SmsHistory } from '../../src/sms-history/SmsHistory.js'
import { closePages, openPage } from '../harness.js'

afterEach(closePages)

const rows = { leads: [aLead()] }
const click = (name: string | RegExp) => act(() => screen.getByRole('button', { name }).click())
const button = () => screen.getByRole('button', { name: 'Send SMS' })
/** The server has the SMS and does not know yet what became of it. */
const accepted = { status: 202, body: { success: true }, headers: { 'Retry-After': '60' } }

function Composer(props: Partial<SendSMSButtonProps>) {
  const [message, setMessage] = useState('A')
  return (
    <>
      {['A', 'B'].map((text) => (
        <button key={text} type="button" onClick={() => setMessage(text)}>
          Write {text}
        </button>
      ))}
      <SendSMSButton leadId="lead-123" {...props} message={message} />
      <SmsHistory leadId="lead-123" />
    </>
  )
}

describe('an SMS that the server has taken over', () => {
  it('keeps no other SMS to the same lead waiting, while the same one joins it', async () => {
    const onSuccess = jest.fn()
    const { sync, rest } = await openPage(<Composer onSuccess={onSuccess} />, { rows })
    sync.server.next(accepted)
    click('Send SMS')
    await rest()
    expect(button()).toHaveAttribute('data-state', 'checking')
    expect(button()).toHaveAttribute('aria-disabled', 'true')
    click('Send SMS')
    await rest()
    expect(sync.server.writes).toHaveLength(1)

    click('Write B')
    expect(button()).not.toHaveAttribute('aria-disabled')
    click('Send SMS')
    await rest()
    expect(sync.server.writes.map(({ body }) => JSON.parse(body ?? '{}').message)).toEqual(['A', 'B'])
    expect(onSuccess).toHaveBeenCalledTimes(1)
    expect(screen.getByText('A')).toBeVisible()
  })

  it('joins the one on its way though another one was sent in between', async () => {
    const { sync, rest } = await openPage(<Composer />, { rows })
    sync.server.next(accepted, accepted)
    click('Send SMS')
    await rest()
    click('Write B')
    click('Send SMS')
    await rest()
    click('Write A')
    click('Send SMS')
    await rest()
    expect(sync.server.writes.map(({ body }) => JSON.parse(body ?? '{}').message)).toEqual(['A', 'B'])
  })

  it('closes its question once the server has it', async () => {
    const { sync, rest } = await openPage(<Composer variant="with-confirm" />, { rows })
    sync.server.next(accepted)
    click('Send SMS')
    act(() => screen.getAllByRole('button', { name: 'Send SMS' }).at(-1)?.click())
    await rest()
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  it('counts no question about it as an attempt', async () => {
    const onProgress = jest.fn()
    const { sync, rest, advance } = await openPage(<Composer variant="with-progress" onProgress={onProgress} />, { rows })
    sync.server.next(...Array.from({ length: 8 }, () => ({ ...accepted, headers: { 'Retry-After': '1' } })))
    click('Send SMS')
    await rest()
    await advance(7_000)
    expect(sync.server.writes.length).toBeGreaterThan(5)
    expect(button()).toHaveAttribute('data-state', 'checking')
    expect(button()).toHaveAttribute('data-attempt', '1')
    expect(screen.queryByText(/Attempt/)).toBeNull()
    expect(onProgress).toHaveBeenCalledTimes(1)
  })

  it('says whether it still waits or may have been sent', async () => {
    const { sync, rest, advance } = await openPage(<Composer />, { rows })
    const stands = (state: string) => ({ ...accepted, body: { success: true, sms: { state } }, headers: { 'Retry-After': '5' } })
    sync.server.next(stands('pending'), stands('sending'), stands('indeterminate'))
    click('Send SMS')
    await rest()
    const status = () => screen.getByRole('button', { name: 'Send SMS', description: /./ })
    expect(status()).toHaveAccessibleDescription('Waiting to be sent')
    await advance(6_000)
    expect(status()).toHaveAccessibleDescription('Waiting to be sent')
    await advance(6_000)
    expect(sync.server.writes).toHaveLength(3)
    expect(status()).toHaveAccessibleDescription('Checking whether it was sent; this can take up to 5 minutes')
    expect(button()).toHaveAttribute('data-state', 'checking')
  })

  it('can be cancelled while it waits there, which the server is asked', async () => {
    const { sync, rest } = await openPage(<Composer />, { rows })
    sync.server.next({ ...accepted, body: { success: true, sms: { state: 'pending' } } })
    click('Send SMS')
    await rest()
    click('Cancel')
    await rest()
    const [sent] = sync.server.writes
    const asked = sync.server.requests.filter(({ path }) => path === `/api/mutations/${sent?.key}/resolve`)
    expect(asked).toHaveLength(1)
    expect(button()).toHaveAttribute('data-state', 'idle')
  })
})

describe('an SMS that somebody else had just sent', () => {
  it('is not sent, says whose it was, and goes out by a new click for who insists', async () => {
    const { sync, rest } = await openPage(<Composer />, { rows })
    const sms = { id: 'sms-1', version: 2, lead_id: 'lead-123', message: 'A', state: 'accepted', status: 'pending' }
    sync.server.next({ status: 200, body: { success: true, duplicate: true, sentBy: 'user-789', sms } })
    click('Send SMS')
    await rest()
    expect(screen.getByText('user-789 sent it a moment ago, so it was not sent twice')).toBeVisible()
    click('Send again')
    await rest()
    const [first, second] = sync.server.writes
    expect(JSON.parse(second?.body ?? '{}')).toEqual({ leadId: 'lead-123', message: 'A', again: true })
    expect(second?.key).not.toBe(first?.key)
    expect(screen.queryByRole('button', { name: 'Send again' })).toBeNull()
  })
})
