import type { BaseRow } from '@org/contracts'
import { aLead, anAppointment } from '@org/contracts/testing'
import { cleanup, type RenderResult, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { cdp } from 'vitest/browser'
import { CriticalButtonsProvider } from '../../src/provider/CriticalButtonsProvider.js'
import layered from '../../src/styles/styles.css?inline'
import unlayered from '../../src/styles/styles.unlayered.css?inline'
import { createFakeSyncClient, type FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'

export const SHEETS = { layered, unlayered }

/** One page in a real browser: our styles, a fake client and some content. */
export interface Stage extends RenderResult {
  client: FakeSyncClient
}

export interface StageOptions {
  /** Style sheets in the order of the page. @default the layered one */
  styles?: readonly string[]
  rows?: Record<string, readonly BaseRow[]>
}

const ROWS = { leads: [aLead()], appointments: [anAppointment()] }

/** Shows content on a page of its own. Call `clearStage` after each test. */
export async function openStage(content: ReactNode, { styles = [layered], rows = ROWS }: StageOptions = {}): Promise<Stage> {
  for (const css of styles) {
    const sheet = document.head.appendChild(document.createElement('style'))
    sheet.setAttribute('data-stage', '')
    sheet.textContent = css
  }
  const client = await createFakeSyncClient({ rows })
  return { ...render(<CriticalButtonsProvider client={client}>{content}</CriticalButtonsProvider>), client }
}

/** Takes everything off the page, and what was emulated. */
export async function clearStage(): Promise<void> {
  cleanup()
  for (const left of document.querySelectorAll('[data-stage], [data-cb-live]')) left.remove()
  document.documentElement.removeAttribute('dir')
  document.documentElement.removeAttribute('style')
  document.documentElement.removeAttribute('data-cb-theme')
  await emulate({})
}

interface Emulation {
  'forced-colors'?: 'active'
  'prefers-reduced-motion'?: 'reduce'
  'prefers-color-scheme'?: 'dark' | 'light'
}

/** What the person's system asks for. */
export async function emulate(features: Emulation): Promise<void> {
  const list = Object.entries(features).map(([name, value]) => ({ name, value }))
  await cdp().send('Emulation.setEmulatedMedia', { features: list })
}

/** Waits until the browser has painted twice, so that effects and positions have come to rest. */
export function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
}

/** The element, which must be there. */
export function one(selector: string): HTMLElement {
  const found = document.querySelectorAll<HTMLElement>(selector)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} elements match ${selector}, not one`)
  return found[0]
}
