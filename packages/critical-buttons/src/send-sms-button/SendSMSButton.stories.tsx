import { smsSend } from '@org/contracts'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, within } from 'storybook/test'
import { stateStories } from '../../.storybook/stage/stateStory.js'
import { SendSMSButton } from './SendSMSButton.js'

const MESSAGE = 'Hi Anna, your appointment is confirmed for tomorrow at 10am.'

const meta = {
  title: 'Components/SendSMSButton',
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
  play: async ({ canvasElement }) => {
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Send SMS' }))
    await expect(within(canvasElement).getByRole('alertdialog', { name: 'Send SMS to Anna Kim?' })).toBeVisible()
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
export const Failed: Story = state('error', {
  error: { code: 'PHONE_INVALID', message: 'This lead has no phone number that can receive SMS.' },
})
export const OptedOut: Story = state('error', {
  error: { code: 'OPTED_OUT', message: 'This person asked not to get SMS any more (STOP). Nothing was sent.' },
})
export const OutcomeUnknown: Story = state('unknown')
export const Disabled: Story = { args: { variant: 'disabled' } }
