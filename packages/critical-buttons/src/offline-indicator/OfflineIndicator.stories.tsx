import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { partIn } from '../../.storybook/stage/partIn.js'
import { wordsOf } from '../../.storybook/stage/wordsOf.js'
import type { IndicatorMessages } from '../messages/Messages.js'
import type { FakeSyncClient } from '../testing/createFakeSyncClient.js'
import { OfflineIndicator } from './OfflineIndicator.js'

const meta = { title: 'Components/OfflineIndicator', tags: ['autodocs'], component: OfflineIndicator } satisfies Meta<
  typeof OfflineIndicator
>
export default meta
type Story = StoryObj<typeof meta>

const booking = { action: bookingConfirm, request: { appointmentId: 'apt-123' } }
const sms = { action: smsSend, request: { leadId: 'lead-123', message: 'Hi Anna' } }
const status = { action: leadUpdateStatus, request: { leadId: 'lead-124', status: 'qualified' } }

/** Fails when the story says anything else, or nothing. */
function says(sentence: (words: IndicatorMessages) => string): NonNullable<Story['play']> {
  return async (context) => {
    const label = partIn(context.canvasElement, 'label')
    await expect(label).toBeVisible()
    await expect(label).toHaveTextContent(sentence(wordsOf(context).indicator))
  }
}

export const Offline: Story = {
  parameters: {
    stage: {
      clicks: [
        { ...booking, phase: 'queued' },
        { ...sms, phase: 'queued' },
      ],
      note: {
        sees: 'That they are offline and how many clicks wait.',
        hears: 'The same, when it begins; “Back online” when it ends.',
        can: 'Work on: clicks are kept on this device. “Sync now” tries all the same, because a browser may be wrong about it.',
      },
    },
  },
  play: says((words) => words.offline(2)),
}

export const OfflineNothingWaits: Story = {
  parameters: {
    stage: {
      offline: true,
      note: { sees: '“Offline”.', hears: 'The same, when it begins.', can: 'Work on: what is clicked now waits here.' },
    },
  },
  play: says((words) => words.offline(0)),
}

export const Sending: Story = {
  parameters: {
    stage: {
      clicks: [
        { ...booking, phase: 'running' },
        { ...sms, phase: 'running' },
        { ...status, phase: 'running' },
      ],
      note: {
        sees: 'How many clicks are on their way.',
        hears: 'Nothing: the buttons say it themselves.',
        can: 'Sync now, instead of waiting for the next attempt.',
      },
    },
  },
  play: says((words) => words.sending(3)),
}

export const WaitsForServer: Story = {
  parameters: {
    stage: {
      clicks: [
        { ...booking, phase: 'retrying' },
        { ...sms, phase: 'retrying' },
      ],
      note: {
        sees: 'How many clicks wait: each was tried in vain, or the server asked to wait.',
        hears: 'Nothing: the buttons say it themselves.',
        can: 'Work on. “Sync now” tries at once, instead of at the planned time.',
      },
    },
  },
  play: says((words) => words.waitingForServer(2)),
}

export const WaitsForSignIn: Story = {
  parameters: {
    stage: {
      clicks: [
        { ...booking, phase: 'running' },
        { ...sms, phase: 'running' },
      ],
      prepare: (client: FakeSyncClient) => client.signOut(),
      note: {
        sees: 'How many clicks wait for whoever made them; no name and no text, because anybody may look at this screen.',
        hears: 'Nothing.',
        can: 'Sign in: they are sent by themselves.',
      },
    },
  },
  play: says((words) => words.waitingForSignIn(2)),
}

export const NeedsAttention: Story = {
  args: { attentionHref: '#inspector' },
  parameters: {
    stage: {
      clicks: [{ ...booking, phase: 'error' }],
      note: {
        sees: 'That something was not carried out and waits for a person.',
        hears: 'Nothing here; its button has said it.',
        can: 'Follow the link of `attentionHref`, here to the inspector; without one, look for the button that failed.',
      },
    },
  },
  async play(context) {
    await says((words) => words.attention(1))(context)
    await expect(partIn(context.canvasElement, 'label')).toHaveAttribute('href', '#inspector')
  },
}

export const AllSent: Story = {
  args: { alwaysShown: true },
  parameters: {
    stage: {
      note: {
        sees: '“All sent”, only with `alwaysShown`; else nothing at all. Never while it is not known who is signed in.',
        hears: '“Back online”, once, after having been offline.',
        can: 'Nothing is left to do.',
      },
    },
  },
  play: says((words) => words.allSent),
}
