import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { untilLive } from './dashboard.js'

/** Every view of the dashboard, by its address. */
export const VIEWS = [
  ['appointments', '#appointments'],
  ['leads', '#leads'],
  ['lead-card', '#leads/lead-123'],
  ['campaign', '#patterns/campaign'],
  ['workflow', '#patterns/workflow'],
  ['optimistic', '#patterns/optimistic'],
  ['together', '#patterns/together'],
  ['offline', '#patterns/offline'],
  ['sync', '#sync'],
] as const

/** Goes to a view and waits until its rows are there. */
export async function showView(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  await untilLive(page)
  await expect(page.locator('main h1')).toBeVisible()
  await expect(page.locator('.loading-row')).toHaveCount(0)
}
