import { smsSend } from '@org/contracts'
import { anSmsMessage } from '@org/contracts/testing'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { actionIn } from '../../.storybook/stage/partIn.js'
import { SmsHistory } from './SmsHistory.js'

const meta = {
  title: 'Components/SmsHistory',
  tags: ['autodocs'],
  component: SmsHistory,
  args: { leadId: 'lead-123' },
} satisfies Meta<typeof SmsHistory>
export default meta
type Story = StoryObj<typeof meta>

type Status = Parameters<typeof anSmsMessage>[0] extends { status?: infer S } | undefined ? S : never

const AT = Date.UTC(2026, 10, 20, 9)
const TEXTS: Record<string, readonly [message: string, error?: string]> = {
  pending: ['Hi Anna, your appointment is on Friday at 9am.'],
  sent: ['Please bring your papers.'],
  delivered: ['Thank you for your call today.'],
  undelivered: ['Are you still interested?', 'The phone is switched off'],
  failed: ['Your offer is ready.', 'The number does not exist'],
  indeterminate: ['A short reminder for tomorrow.'],
  expired: ['We are open until 6pm today.'],
  cancelled: ['Sorry, wrong person.'],
}

const ALL = Object.entries(TEXTS).map(([status, [message, error]], index) => {
  const at = new Date(AT - index * 3_600_000).toISOString()
  const row = { id: `sms-${status}`, message, status: status as Status, created_at: at, sent_at: at, error_message: error ?? null }
  return { ...anSmsMessage(row), leadId: 'lead-123', sentAt: at }
})
const answer = (sms_messages: unknown) => () => ({ status: 200, body: { sms_messages } })

export const EveryDelivery: Story = {
  parameters: {
    stage: {
      read: answer(ALL),
      clicks: [{ action: smsSend, request: { leadId: 'lead-123', message: 'See you on Friday!' }, phase: 'queued' }],
      note: {
        sees: 'What still waits on this device first (dashed), then all SMS, newest first, each with what became of it in words and a sign.',
        hears: 'A list; each entry reads its text, its state and its time.',
        can: 'Nothing has to be refreshed: delivery states follow the carrier.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(within(canvasElement).getAllByRole('listitem')).toHaveLength(ALL.length + 1))
  },
}

export const ClicksOfThisDevice: Story = {
  parameters: {
    stage: {
      read: answer([]),
      clicks: [
        { action: smsSend, request: { leadId: 'lead-123', message: 'Your offer is ready.' }, phase: 'error', code: 'OPTED_OUT' },
        { action: smsSend, request: { leadId: 'lead-123', message: 'See you on Friday!' }, phase: 'unknown' },
      ],
      note: {
        sees: 'What was clicked here and the server does not list: never said to wait when it failed, or may have gone out.',
        hears: 'The same.',
        can: 'Decide about it at the button that sent it.',
      },
    },
  },
  play: async ({ canvasElement }) => {
    const entries = () => within(canvasElement).getAllByRole('listitem')
    await waitFor(() =>
      expect(
        entries()
          .map(({ dataset }) => dataset.status)
          .sort(),
      ).toEqual(['failed', 'unknown']),
    )
  },
}

export const Empty: Story = {
  parameters: { stage: { read: answer([]), note: { sees: '“No SMS yet”.', hears: 'The same.', can: 'Send one.' } } },
}

export const Loading: Story = {
  parameters: {
    stage: { read: () => new Promise(() => {}), note: { sees: '“Loading SMS history”.', hears: 'The same.', can: 'Wait a moment.' } },
  },
}

export const CouldNotBeLoaded: Story = {
  parameters: {
    stage: {
      read: () => ({ status: 503, body: null }),
      note: { sees: 'That it could not be loaded: an empty list would be a lie.', hears: 'The same.', can: 'Try again.' },
    },
  },
  play: async ({ canvasElement }) => {
    const tryAgain = () => waitFor(() => actionIn(canvasElement, 'tryAgain'))
    await userEvent.click(await tryAgain())
    await expect(await tryAgain()).toBeVisible()
  },
}
