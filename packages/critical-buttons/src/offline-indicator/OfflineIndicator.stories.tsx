import type { Meta, StoryObj } from '@storybook/react-vite'
import { OfflineIndicator } from './OfflineIndicator.js'

const meta = { title: 'Components/OfflineIndicator', component: OfflineIndicator } satisfies Meta<typeof OfflineIndicator>
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
export const OfflineNothingWaits: Story = { parameters: { stage: { connectivity: { online: false } } } }
export const Sending: Story = { parameters: { stage: { connectivity: { pendingCount: 3 } } } }
export const NeedsAttention: Story = { parameters: { stage: { connectivity: { attentionCount: 1 } } } }
export const AllSent: Story = { args: { alwaysShown: true } }
