import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { heardInOrder } from '../../src/testing/heardInOrder.js'
import { toBeHeard } from '../../src/testing/Scenario.js'
import * as scenarios from './index.js'
import { ScenarioPlayer } from './ScenarioPlayer.js'
import type { StagedScenario } from './StagedScenario.js'

const meta = {
  title: 'Scenarios/Played to the end',
  component: ScenarioPlayer,
  // A test: in the sidebar a scenario would be over before anybody has seen it.
  tags: ['!dev'],
  parameters: { controls: { disable: true } },
} satisfies Meta<typeof ScenarioPlayer>
export default meta
type Story = StoryObj<typeof meta>

export const OfflineThenReconnect: Story = played(scenarios.offlineThenReconnect)
export const DoubleClick: Story = played(scenarios.doubleClick)
export const TwilioRecovers: Story = played(scenarios.twilioRecovers)
export const ChangedByAnother: Story = played(scenarios.changedByAnother)
export const BulkInPart: Story = played(scenarios.bulkInPart)
export const ExpiredToken: Story = played(scenarios.expiredToken)
export const UnknownOutcome: Story = played(scenarios.unknownOutcome)

/** Played by its own buttons, step by step. */
function played(scenario: StagedScenario): Story {
  return {
    args: { scenario },
    play: async ({ canvasElement }) => {
      const canvas = within(canvasElement)
      const page = await canvas.findByTestId('page')
      for (let played = 1; played <= scenario.steps.length; played++) {
        await userEvent.click(canvas.getByRole('button', { name: 'Step' }))
        await canvas.findByText(`Step ${played} of ${scenario.steps.length}`)
        const expected = toBeHeard(scenario, played)
        await waitFor(() => expect(heardInOrder(saidIn(canvasElement), expected)).toEqual(expected))
      }
      await waitFor(() => expect(page.textContent).toMatch(scenario.ending.sees))
      await expect(canvasElement.querySelector('[data-fact="Took effect"]')).toHaveTextContent(String(scenario.ending.effects))
    },
  }
}

function saidIn(element: HTMLElement): string[] {
  return [...element.querySelectorAll('[data-kind="polite"] span, [data-kind="assertive"] span')].map((line) => line.textContent ?? '')
}
