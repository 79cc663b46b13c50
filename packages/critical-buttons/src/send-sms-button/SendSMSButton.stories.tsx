import { smsSend } from '@org/contracts'
import { anSmsMessage } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { actionIn, buttonIn } from '../../.storybook/stage/partIn.js'
import { playedInDocs } from '../../.storybook/stage/playedInDocs.js'
import { stageClient } from '../../.storybook/stage/stageClient.js'
import { stateStories } from '../../.storybook/stage/stateStory.js'
import { wordsOf } from '../../.storybook/stage/wordsOf.js'
import { SendSMSButton } from './SendSMSButton.js'

const MESSAGE = 'Hi Anna, your appointment is confirmed for tomorrow at 10am.'

const meta = {
  title: 'Components/SendSMSButton',
  tags: ['autodocs'],
  component: SendSMSButton,
  args: { leadId: 'lead-123', message: MESSAGE },
} satisfies Meta<typeof SendSMSButton>
export default meta
type Story = StoryObj<typeof meta>

const state = stateStories({
  action: smsSend,
  request: { leadId: 'lead-123', message: MESSAGE },
  words: {
    label: 'Send SMS',
    done: 'Sent',
    pending: 'Sending SMS to Anna Kim',
    success: 'SMS sent to Anna Kim',
    queued: 'You are offline. SMS will be sent when you reconnect',
    failed: 'SMS not sent',
  },
})

export const Idle: Story = {
  parameters: { stage: { note: { sees: 'Verb and object.', hears: '“Send SMS, button”.', can: 'Click once.' } } },
}
export const Confirming: Story = {
  args: { variant: 'with-confirm' },
  parameters: {
    ...playedInDocs(),
    stage: {
      note: {
        sees: 'A question with the lead’s name; Cancel, and “Send SMS”.',
        hears: 'Title and text; the focus is on Cancel.',
        can: 'Send, cancel, or press Escape. A click beside the dialog does nothing.',
      },
    },
  },
  play: async ({ canvasElement, globals }) => {
    await userEvent.click(buttonIn(canvasElement))
    const name = wordsOf({ globals }).actions['sms.send'].confirmTitle({ subject: 'Anna Kim' })
    await expect(within(canvasElement).getByRole('alertdialog', { name })).toBeVisible()
  },
}
export const Running: Story = state('running')
export const WithProgress: Story = { ...state('running', { fields: { attempt: 2, maxAttempts: 5 } }), args: { variant: 'with-progress' } }
export const Retrying: Story = state('retrying')
export const Queued: Story = state('queued')
export const KeptInThisTabOnly: Story = state('queued', { fields: { durability: 'memory' } })
export const CircuitOpen: Story = state('circuit-open')
export const Checking: Story = state('checking')
export const Success: Story = state('success')
export const Failed: Story = state(
  'error',
  { error: { code: 'PHONE_INVALID', message: 'This lead has no phone number that can receive SMS. Correct the number first.' } },
  {
    note: {
      sees: '“SMS not sent”, why, and what to do about it.',
      hears: 'The same, at once.',
      can: 'Correct the number; dismiss the note.',
    },
  },
)
export const OptedOut: Story = state('error', {
  error: { code: 'OPTED_OUT', message: 'This person asked not to get SMS any more (STOP). Nothing was sent.' },
})
export const OutcomeUnknown: Story = state('unknown')

export const SentAMomentAgo: Story = {
  parameters: {
    ...playedInDocs(),
    stage: {
      note: {
        sees: '“Sent”, and that the same text went out a moment ago, so it was not sent twice.',
        hears: 'The same.',
        can: 'Send again, on purpose this time; or dismiss the note.',
      },
    },
  },
  play: async ({ canvasElement, globals }) => {
    const client = stageClient()
    const submit = client.submit.bind(client)
    // As the real client within a minute of success: the click is answered by the mutation that has succeeded.
    client.submit = (action, request, options, callbacks) => {
      const submitted = submit(action, request, options, callbacks)
      if (options?.again !== true) client.succeed({ success: true, sms: anSmsMessage() }, submitted.id)
      return submitted
    }
    await userEvent.click(buttonIn(canvasElement))
    await expect(await within(canvasElement).findByText(wordsOf({ globals }).repeated)).toBeVisible()
    await expect(actionIn(canvasElement, 'sendAgain')).toBeVisible()
  },
}

export const Disabled: Story = {
  args: { variant: 'disabled' },
  parameters: {
    stage: { note: { sees: 'A grey button.', hears: '“Send SMS, button, dimmed”.', can: 'Reach it by keyboard; clicks do nothing.' } },
  },
}

export const NotSignedInYet: Story = {
  parameters: {
    stage: {
      identity: 'loading',
      note: { sees: 'A grey button.', hears: '“dimmed”, until it is known who is signed in.', can: 'Wait a moment.' },
    },
  },
}
