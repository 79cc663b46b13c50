import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** Gives the pages of this context axe, from their next load on: an init script, because the page's policy forbids scripts from elsewhere. */
export async function bringAxe(page: Page): Promise<void> {
  await page.context().addInitScript({ path: AXE })
  await page.reload()
}

/** What axe finds wrong on the page as it stands: one line a place. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(
    (tags) => (window as unknown as { axe: { run(options: object): Promise<AxeResult> } }).axe.run({ runOnly: tags }),
    TAGS,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary ?? ''}`))
}
