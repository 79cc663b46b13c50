import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { SpecsPage } from './SpecsPage.js'

const meta = {
  title: 'Overview/Specs',
  component: SpecsPage,
  parameters: { controls: { disable: true } },
} satisfies Meta<typeof SpecsPage>
export default meta

/** A table with nothing in it, or the same in every state, would be no spec. */
export const AllSpecs: StoryObj<typeof meta> = {
  play: async ({ canvasElement }) => {
    const rows = (title: string) => [...canvasElement.querySelectorAll<HTMLTableRowElement>(`[data-specs="${title}"] tbody tr`)]
    await waitFor(() => expect(rows('Colours')).toHaveLength(4 * 2 * 5))
    await expect(rows('Sizes')).toHaveLength(6)
    const cells = rows('Colours').map((row) => [...row.cells].map((cell) => cell.textContent ?? ''))
    for (const [, , state, background, text, , ring] of cells) {
      await expect([background, text]).toEqual([expect.stringMatching(/^(#[0-9a-f]{6}|none)$/), expect.stringMatching(/^#[0-9a-f]{6}$/)])
      await expect([state, ring !== '–']).toEqual([state, state === 'focus'])
    }
    await expect(within(canvasElement).getByRole('button', { name: 'Copy colours' })).toBeVisible()
  },
}
