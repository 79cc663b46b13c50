import { smsSend } from '@org/contracts'
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

const request = { leadId: 'lead-123', message: MESSAGE }
const state = stateStories({
  action: smsSend,
  request,
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
export const WithProgress: Story = { ...state('retrying'), args: { variant: 'with-progress' } }
export const Retrying: Story = state('retrying')
export const Queued: Story = state('queued')
export const KeptInThisTabOnly: Story = state(
  'queued',
  {},
  {
    clicks: [],
    prepare: (client) => {
      client.world.browser.disk.next('full', 'full', 'full')
      return client.click(smsSend, request, 'queued')
    },
  },
)
export const CircuitOpen: Story = state('circuit-open')
export const Checking: Story = state('checking')
export const Success: Story = state('success')
export const Failed: Story = state(
  'error',
  { code: 'PHONE_INVALID' },
  {
    note: {
      sees: '“SMS not sent”, why, and what to do about it.',
      hears: 'The same, at once.',
      can: 'Correct the number; dismiss the note.',
    },
  },
)
export const OptedOut: Story = state('error', { code: 'OPTED_OUT' })
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
    await userEvent.click(buttonIn(canvasElement))
    await stageClient().succeed()
    await userEvent.click(buttonIn(canvasElement))
    await stageClient().settle()
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
      user: 'loading',
      note: { sees: 'A grey button.', hears: '“dimmed”, until it is known who is signed in.', can: 'Wait a moment.' },
    },
  },
}
