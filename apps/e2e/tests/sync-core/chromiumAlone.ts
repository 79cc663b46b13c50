import type { BrowserContext, Page } from '@playwright/test'
import { ChromiumProfile, ChromiumTab } from '../../engines/drivers/chromium.js'
import type { Profile, Tab } from '../../engines/drivers/Engine.js'

/** The tab as Playwright knows it, for what no other engine can be asked for. */
export function pageOf(tab: Tab): Page {
  if (tab instanceof ChromiumTab) return tab.page
  throw new Error('This can be asked of Chromium alone.')
}

/** The profile as Playwright knows it. */
export function contextOf(profile: Profile): BrowserContext {
  if (profile instanceof ChromiumProfile) return profile.context
  throw new Error('This can be asked of Chromium alone.')
}
