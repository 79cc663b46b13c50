import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { clearStage, emulate, one, openStage, SHEETS } from './stage.js'

/** As the page has them: written by us, by a host's default production build, and by one for older browsers. */
const sheets = { 'as written': SHEETS.layered, 'of a default build': '', 'for older browsers': '' }
beforeAll(async () => {
  sheets['of a default build'] = await commands.stylesOfDefaultBuild()
  sheets['for older browsers'] = await commands.stylesForOlderBrowsers()
})
beforeEach(() => emulate({ 'prefers-color-scheme': 'light' }))
afterEach(clearStage)

const LIGHT = { chip: 'rgb(254, 249, 195)', surface: 'rgb(255, 255, 255)' }
const DARK = { chip: 'rgb(66, 32, 6)', surface: 'rgb(17, 24, 39)' }

interface Page {
  sheet: keyof typeof sheets
  theme?: 'light' | 'dark'
  system?: 'light' | 'dark'
  /** Of the root. */
  root?: { style?: string; theme?: 'light' | 'dark' }
  /** A rule of the host. */
  rule?: string
  /** @default 'contacted' */
  status?: string
}

async function coloursOn({ sheet, theme, system = 'light', root = {}, rule = '', status = 'contacted' }: Page) {
  await emulate({ 'prefers-color-scheme': system })
  if (root.style) document.documentElement.setAttribute('style', root.style)
  if (root.theme) document.documentElement.setAttribute('data-cb-theme', root.theme)
  await openStage(
    <div id="surface" data-cb-theme={theme} style={{ background: 'var(--cb-color-surface)' }}>
      <LeadStatusButton leadId="none" currentStatus={status} />
    </div>,
    { styles: [sheets[sheet], rule] },
  )
  const background = (selector: string) => getComputedStyle(one(selector)).backgroundColor
  return { chip: background('[data-component="LeadStatusButton"]'), surface: background('#surface') }
}

describe.each(Object.keys(sheets) as (keyof typeof sheets)[])('with the sheet %s', (sheet) => {
  it.each<[string, Omit<Page, 'sheet'>, typeof LIGHT]>([
    ['is light where nobody says anything', {}, LIGHT],
    ['is dark under data-cb-theme="dark"', { theme: 'dark' }, DARK],
    ['is dark under the root’s', { root: { theme: 'dark' } }, DARK],
    ['is light within a dark root', { root: { theme: 'dark' }, theme: 'light' }, LIGHT],
    ['is dark within a light root', { root: { theme: 'light' }, theme: 'dark' }, DARK],
    ['is dark on a dark system, though the host says no color-scheme', { system: 'dark' }, DARK],
    ['is light on a dark system where the root says so', { system: 'dark', root: { theme: 'light' } }, LIGHT],
    ['is light on a dark system within data-cb-theme="light"', { system: 'dark', theme: 'light' }, LIGHT],
    ['is light on a dark system where the host wrote so on its root', { system: 'dark', root: { style: 'color-scheme: light' } }, LIGHT],
  ])('%s', async (_name, page, colours) => {
    expect(await coloursOn({ sheet, ...page })).toEqual(colours)
  })
})

describe('a colour of the host', () => {
  it('is that of one status where it sets that one’s token', async () => {
    const rule = ':root { --cb-status-contacted-bg: rgb(1, 2, 3) }'
    expect((await coloursOn({ sheet: 'as written', rule })).chip).toBe('rgb(1, 2, 3)')
  })

  it('wins over ours on a light system and on a dark one', async () => {
    const rule = ':root { --cb-color-yellow-bg: rgb(1, 2, 3) }'
    for (const system of ['light', 'dark'] as const) {
      expect((await coloursOn({ sheet: 'as written', system, rule })).chip).toBe('rgb(1, 2, 3)')
      await clearStage()
    }
  })
})

describe('a status of a team’s own', () => {
  const page = { sheet: 'as written', status: 'on hold' } as const

  it('is gray', async () => {
    expect((await coloursOn(page)).chip).toBe('rgb(243, 244, 246)')
  })

  it('has a dot where a drawing of its own is missing, and no square', async () => {
    await coloursOn(page)
    expect(getComputedStyle(one('[data-component="LeadStatusButton"]'), '::before').maskImage).toContain('radial-gradient')
  })

  it('has the colour that the team’s sheet gives it', async () => {
    const rule = '[data-status="on hold"] { --cb-chip-bg: rgb(1, 2, 3) }'
    expect((await coloursOn({ ...page, rule })).chip).toBe('rgb(1, 2, 3)')
  })
})
