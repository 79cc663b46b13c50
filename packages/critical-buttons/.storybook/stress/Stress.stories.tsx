import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { StressTable } from './StressTable.js'

const meta = {
  title: 'Scenarios/Stress',
  component: StressTable,
  args: { count: 1_000, eventsPerSecond: 10 },
  argTypes: {
    count: { control: { type: 'select' }, options: [100, 500, 1_000, 3_000, 10_000] },
    eventsPerSecond: { control: { type: 'range', min: 0, max: 120, step: 1 } },
  },
  parameters: {
    stage: {
      note: {
        sees: 'Many rows, changed by other people all the time. Only the changed row is rendered: “rendered per event” stays at 1.',
        hears: 'Nothing: the rows are silent here, a page of changes is no news.',
        can: 'Change the number of rows and events in the controls, scroll, and use any button meanwhile.',
      },
    },
  },
} satisfies Meta<typeof StressTable>
export default meta
type Story = StoryObj<typeof meta>

const fact = (element: HTMLElement, name: string) => Number(element.querySelector(`[data-fact="${name}"]`)?.textContent)

/** The counters show one event and one rendered row, out of a thousand. */
export const OneEventRendersOneRow: Story = {
  args: { eventsPerSecond: 0 },
  // A thousand equal rows tell axe nothing that a hundred do not, and take it a quarter of a minute.
  parameters: { a11y: { test: 'off' } },
  play: async ({ canvasElement }) => {
    const change = within(canvasElement).getByRole('button', { name: 'Change one row' })
    for (let events = 1; events <= 3; events++) {
      await userEvent.click(change)
      await waitFor(() => expect(fact(canvasElement, 'Events')).toBe(events))
      await waitFor(() => expect(fact(canvasElement, 'Rows rendered')).toBe(events))
    }
  },
}

export const ChangesAllTheTime: Story = {
  args: { count: 100 },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(fact(canvasElement, 'Events')).toBeGreaterThanOrEqual(5), { timeout: 5_000 })
    // The last one is rendered a little after it is counted.
    await waitFor(() => expect(fact(canvasElement, 'Rows rendered')).toBe(fact(canvasElement, 'Events')))
  },
}
