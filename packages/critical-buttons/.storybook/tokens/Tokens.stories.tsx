import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, within } from 'storybook/test'
import { TokensPage } from './TokensPage.js'

const meta = {
  title: 'Overview/Tokens',
  component: TokensPage,
  parameters: { controls: { disable: true } },
} satisfies Meta<typeof TokensPage>
export default meta
type Story = StoryObj<typeof meta>

const failing = (element: HTMLElement) =>
  [...element.querySelectorAll('[data-verdict="fail"]')].map((row) => row.querySelector('code')?.textContent)

/** Falls over as soon as a pair is below 4.5, or 3 for signs and rings, in light or dark. */
export const AllTokens: Story = {
  play: async ({ canvasElement }) => {
    for (const theme of ['light', 'dark']) {
      const table = canvasElement.querySelector<HTMLElement>(`[data-contrast="${theme}"]`)
      await expect(table?.querySelectorAll('[data-verdict="pass"]').length).toBeGreaterThan(15)
      await expect(failing(table as HTMLElement)).toEqual([])
    }
    await expect(within(canvasElement).getByText('--cb-status-won-bg')).toBeVisible()
  },
}

/** What the page says about a theme that is too faint: the check above is able to fail. */
export const AWeakThemeIsCaught: Story = {
  args: { theme: { '--cb-color-text-muted': '#9ca3af', '--cb-color-surface': '#fff' } as object },
  // Too faint on purpose.
  parameters: { a11y: { test: 'off' } },
  play: async ({ canvasElement }) => {
    await expect(failing(canvasElement)).toContain('text-muted on surface')
  },
}
