import { describe, expect, it, jest } from '@jest/globals'
import { defineAction, smsSend } from '@org/contracts'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { createRef } from 'react'
import * as z from 'zod'
import { CriticalButtonsProvider } from '../provider/CriticalButtonsProvider.js'
import { createFakeSyncClient } from '../testing/createFakeSyncClient.js'
import { CriticalButton, type CriticalButtonProps } from './CriticalButton.js'

const proposalSend = defineAction({
  name: 'proposal.send',
  path: '/api/proposals/send',
  requestSchema: z.strictObject({ proposalId: z.string(), note: z.optional(z.string()) }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: ({ proposalId }) => [`proposal:${proposalId}`],
  overlays: () => [],
  rows: () => [],
  ttlMs: 60_000,
  keyRequired: true,
})
type Props = Partial<CriticalButtonProps<typeof proposalSend>>

async function show(props: Props = {}, page = createFakeSyncClient()) {
  const client = await page
  render(
    <CriticalButtonsProvider client={client}>
      <CriticalButton action={proposalSend} request={{ proposalId: 'p-1' }} {...props}>
        Send proposal
      </CriticalButton>
    </CriticalButtonsProvider>,
  )
  return { client, button: screen.getByRole('button', { name: 'Send proposal' }) }
}

describe('CriticalButton', () => {
  it("runs a team's own action", async () => {
    const onSuccess = jest.fn()
    const { client, button } = await show({ onSuccess })
    act(() => button.click())
    await act(() => client.succeed({ success: true }))
    expect(client.submissions).toMatchObject([{ request: { proposalId: 'p-1' } }])
    expect(onSuccess).toHaveBeenCalledWith({ success: true })
    expect(button).toHaveAttribute('data-component', 'CriticalButton')
  })

  it('shows the same state in two buttons of one lane', async () => {
    const { client, button } = await show()
    act(() => button.click())
    render(
      <CriticalButtonsProvider client={client}>
        <CriticalButton action={proposalSend} request={{ proposalId: 'p-1' }} />
      </CriticalButtonsProvider>,
    )
    expect(screen.getAllByRole('button').map((one) => one.getAttribute('data-state'))).toEqual(['running', 'running'])
  })

  it('takes its host’s attributes, handlers, class names and ref', async () => {
    const onClick = jest.fn((event: { preventDefault: () => void }) => event.preventDefault())
    const client = await createFakeSyncClient()
    const ref = createRef<HTMLButtonElement>()
    render(
      <CriticalButtonsProvider client={client}>
        <CriticalButton
          ref={ref}
          action={proposalSend}
          request={{ proposalId: 'p-1' }}
          id="send"
          title="Sends it"
          data-testid="mine"
          className="host"
          classNames={{ root: 'host-root', label: 'host-label' }}
          onClick={onClick}
        />
      </CriticalButtonsProvider>,
    )
    expect(ref.current).toBe(screen.getByTestId('mine'))
    expect(ref.current).toHaveClass('cb-button', 'host')
    expect(ref.current?.parentElement).toHaveClass('host-root')
    expect(screen.getByText('Continue')).toHaveClass('host-label')
    act(() => ref.current?.click())
    expect(onClick).toHaveBeenCalledTimes(1)
    expect(client.submissions).toHaveLength(0)
  })

  it('is never disabled, only aria-disabled, so that the focus stays', async () => {
    const onClick = jest.fn()
    const { client, button } = await show({ variant: 'disabled', onClick })
    act(() => {
      button.focus()
      button.click()
    })
    expect(button).toHaveFocus()
    expect(button).toHaveAttribute('aria-disabled', 'true')
    expect(button).not.toHaveAttribute('disabled')
    expect(onClick).not.toHaveBeenCalled()
    expect(client.submissions).toHaveLength(0)
  })

  it('shows why a click was refused before it became a mutation', async () => {
    const onError = jest.fn()
    const { client, button } = await show({ onError }, createFakeSyncClient({ maxUnfinished: 1 }))
    await act(() => client.click(smsSend, { leadId: 'lead-123', message: 'Hi' }))
    act(() => button.click())
    expect(button).toHaveAttribute('data-state', 'error')
    expect(button).toHaveAttribute('data-code', 'QUEUE_FULL')
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'QUEUE_FULL', willRetry: false }))
    await act(() => client.fail('OPTED_OUT'))
    act(() => screen.getByRole('button', { name: 'Try again' }).click())
    expect(client.submissions).toHaveLength(2)
  })

  it('says what came of taking a click back that was on its way', async () => {
    const { client, button } = await show()
    act(() => button.click())
    await act(() => client.drive('retrying'))
    await act(() => client.goOffline())
    await act(async () => screen.getByRole('button', { name: 'Cancel' }).click())
    expect(screen.getByText(/Could not ask the server, so it was not cancelled/)).toBeVisible()
    await act(() => client.goOnline())
    await act(async () => screen.getByRole('button', { name: 'Cancel' }).click())
    expect(button).toHaveAttribute('data-state', 'idle')
    expect(button).toHaveFocus()
  })

  it('says that it could not be cancelled also where the host’s announcing throws', async () => {
    jest.useFakeTimers()
    const announce = () => {
      throw new Error('host')
    }
    const { client, button } = await show({ announce })
    act(() => button.click())
    await act(() => client.drive('retrying'))
    client.cancel = async () => 'unreachable'
    await act(async () => screen.getByRole('button', { name: 'Cancel' }).click())
    expect(button).toHaveAccessibleDescription(/Could not ask the server, so it was not cancelled/)
    jest.clearAllTimers()
    jest.useRealTimers()
  })

  it('says that a cancel came too late also after the success it could not stop', async () => {
    const { client, button } = await show()
    act(() => button.click())
    client.world.server.handle(proposalSend, () => ({ status: 200, body: { success: true } }))
    await act(() => client.answer('lost-response'))
    await act(async () => screen.getByRole('button', { name: 'Cancel' }).click())
    expect(screen.getByText('Too late to cancel: it already took effect')).toBeVisible()
    act(() => screen.getByRole('button', { name: 'Dismiss' }).click())
    expect(screen.queryByText(/Too late/)).toBeNull()
  })
})

describe('CriticalButton in a form', () => {
  const request = (form: FormData) => ({ proposalId: 'p-1', note: String(form.get('note')) })

  async function form(onSubmit = jest.fn()) {
    const client = await createFakeSyncClient()
    render(
      <CriticalButtonsProvider client={client}>
        <form onSubmit={onSubmit}>
          <input name="note" aria-label="Note" defaultValue="as discussed" required />
          <CriticalButton type="submit" action={proposalSend} request={request}>
            Send proposal
          </CriticalButton>
        </form>
      </CriticalButtonsProvider>,
    )
    return { client, button: screen.getByRole('button', { name: 'Send proposal' }), input: screen.getByLabelText('Note') }
  }

  it('sends the fields once for a double click, and reloads no page', async () => {
    const { client, button } = await form()
    act(() => {
      button.click()
      button.click()
    })
    expect(client.submissions.map((submission) => submission.request)).toEqual([{ proposalId: 'p-1', note: 'as discussed' }])
  })

  it('sends nothing while a field is not valid', async () => {
    const { client, button, input } = await form()
    fireEvent.change(input, { target: { value: '' } })
    act(() => button.click())
    expect(client.submissions).toHaveLength(0)
  })

  it('takes submissions that come without a click, and blocks repeats', async () => {
    const { client, input } = await form()
    const host = input.closest('form') as HTMLFormElement
    expect(fireEvent.submit(host)).toBe(false)
    expect(fireEvent.submit(host)).toBe(false)
    expect(client.submissions).toHaveLength(1)
  })
})
