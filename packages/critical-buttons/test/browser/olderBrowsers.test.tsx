import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { LeadStatusButton } from '../../src/lead-status-button/LeadStatusButton.js'
import { clearStage, one, openStage, SHEETS } from './stage.js'

/** Our style sheet as a host's Vite writes it for browsers that do not know `light-dark()`. */
let lowered = ''
beforeAll(async () => {
  lowered = await commands.stylesForOlderBrowsers()
})
afterEach(clearStage)

/** What a page shows with that sheet: a chip, and a surface it lies on. */
async function coloursWith(sheet: string, theme?: 'light' | 'dark') {
  await openStage(
    <div id="surface" data-cb-theme={theme} style={{ background: 'var(--cb-color-surface)' }}>
      <LeadStatusButton leadId="none" currentStatus="contacted" />
    </div>,
    { styles: [sheet] },
  )
  const { backgroundColor, color, borderTopColor } = getComputedStyle(one('[data-component="LeadStatusButton"]'))
  const colours = { backgroundColor, color, borderTopColor, surface: getComputedStyle(one('#surface')).backgroundColor }
  await clearStage()
  return colours
}

describe('in a browser without light-dark()', () => {
  it('the sheet holds none of it any more', () => {
    expect(SHEETS.layered).toContain('light-dark(')
    expect(lowered).not.toContain('light-dark(')
  })

  it('a page that sets no color-scheme has every light colour', async () => {
    expect(await coloursWith(lowered)).toEqual(await coloursWith(SHEETS.layered, 'light'))
  })
})
