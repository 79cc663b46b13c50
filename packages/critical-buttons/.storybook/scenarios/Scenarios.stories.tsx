import type { Meta, StoryObj } from '@storybook/react-vite'
import * as scenarios from './index.js'
import { ScenarioPlayer } from './ScenarioPlayer.js'

/** To watch, with Play or Step. Played to the end as tests in ScenarioTests.stories.tsx. */
const meta = {
  title: 'Scenarios/Player',
  component: ScenarioPlayer,
  parameters: { controls: { disable: true } },
} satisfies Meta<typeof ScenarioPlayer>
export default meta
type Story = StoryObj<typeof meta>

export const OfflineThenReconnect: Story = { args: { scenario: scenarios.offlineThenReconnect } }
export const DoubleClick: Story = { args: { scenario: scenarios.doubleClick } }
export const TwilioRecovers: Story = { args: { scenario: scenarios.twilioRecovers } }
export const ChangedByAnother: Story = { args: { scenario: scenarios.changedByAnother } }
export const BulkInPart: Story = { args: { scenario: scenarios.bulkInPart } }
export const ExpiredToken: Story = { args: { scenario: scenarios.expiredToken } }
export const UnknownOutcome: Story = { args: { scenario: scenarios.unknownOutcome } }
