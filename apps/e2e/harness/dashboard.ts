import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'

/** The confirm button of an appointment in the list. */
export function confirmButton(page: Page, appointmentId: string): Locator {
  return page.locator(`[data-appointment="${appointmentId}"] [data-component="BookingConfirmButton"]`)
}

/** The status button of a lead in the table. */
export function statusButton(page: Page, leadId: string): Locator {
  return page.locator(`[data-lead="${leadId}"] [data-component="LeadStatusButton"]`)
}

/** The send button of the open lead card. */
export function sendButton(page: Page): Locator {
  return page.locator('[data-component="SendSMSButton"]')
}

/** Resolves when the page hears of changes at once. */
export async function untilLive(page: Page): Promise<void> {
  await expect(page.locator('[data-realtime="live"]')).toBeVisible()
}

/** Resolves when the page would open without a network. */
export async function untilKept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}

/** Chooses a status in the menu of a lead's status button. */
export async function chooseStatus(page: Page, leadId: string, label: string): Promise<void> {
  await statusButton(page, leadId).click()
  await page.getByRole('menuitemradio', { name: label, exact: true }).click()
}
