import type { Meta, StoryObj } from '@storybook/react-vite'
import { OfflineIndicator } from './OfflineIndicator.js'

const meta = { title: 'Components/OfflineIndicator', tags: ['autodocs'], component: OfflineIndicator } satisfies Meta<
  typeof OfflineIndicator
>
export default meta
type Story = StoryObj<typeof meta>

export const Offline: Story = {
  parameters: {
    stage: {
      connectivity: { online: false, pendingCount: 2 },
      note: {
        sees: 'That they are offline and how many clicks wait.',
        hears: 'The same, when it begins; “Back online” when it ends.',
        can: 'Work on: clicks are kept on this device.',
      },
    },
  },
}
export const OfflineNothingWaits: Story = {
  parameters: {
    stage: {
      connectivity: { online: false },
      note: { sees: '“Offline”.', hears: 'The same, when it begins.', can: 'Work on: what is clicked now waits here.' },
    },
  },
}
export const Sending: Story = {
  parameters: {
    stage: {
      connectivity: { pendingCount: 3 },
      note: {
        sees: 'How many clicks are on their way.',
        hears: 'Nothing: the buttons say it themselves.',
        can: 'Sync now, instead of waiting for the next attempt.',
      },
    },
  },
}
export const NeedsAttention: Story = {
  parameters: {
    stage: {
      connectivity: { attentionCount: 1 },
      note: {
        sees: 'That something was not carried out and waits for a person.',
        hears: 'Nothing here; its button has said it.',
        can: 'Look for the button that failed, or open the inspector.',
      },
    },
  },
}
export const AllSent: Story = {
  args: { alwaysShown: true },
  parameters: {
    stage: {
      note: {
        sees: '“Back online”, only with `alwaysShown`; else nothing at all.',
        hears: '“Back online”, once, after having been offline.',
        can: 'Nothing is left to do.',
      },
    },
  },
}
