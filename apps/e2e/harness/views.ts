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
  // On a small screen an open card takes the place of its list, heading and all.
  await expect(page.locator('main :is(h1, h2):visible').first()).toBeVisible()
  await expect(page.locator('.loading-row')).toHaveCount(0)
}
