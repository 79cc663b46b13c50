import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { NEVER_SHOWN } from '../../.storybook/stage/neverShown.js'
import { BUTTON_PHASES, type ButtonPhase } from '../../src/mutation-controller/phase.js'

const SRC = new URL('../../src/', import.meta.url)

const STORY_NAMES: Partial<Record<ButtonPhase, string>> = { error: 'Failed', unknown: 'OutcomeUnknown' }

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.stories.tsx'))
const textOf = (component: string) => {
  const file = files.find((name) => name.endsWith(`/${component}.stories.tsx`))
  return file === undefined ? '' : readFileSync(new URL(file, SRC), 'utf8')
}
const storyName = (phase: ButtonPhase) =>
  STORY_NAMES[phase] ?? phase.replace(/(^|-)(\w)/g, (_all, _dash: string, letter: string) => letter.toUpperCase())

const BUTTONS = ['BookingConfirmButton', 'SendSMSButton', 'LeadStatusButton', 'LeadStatusBulkUpdateButton', 'CriticalButton']

describe.each(BUTTONS)('the stories of %s', (component) => {
  it.each(BUTTON_PHASES.filter((phase) => NEVER_SHOWN[component]?.[phase] === undefined))('show the phase %s', (phase) => {
    expect(textOf(component)).toMatch(new RegExp(`export const ${storyName(phase)}: Story\\b`))
  })
})

describe('every story', () => {
  it.each(files)('of %s says what a person sees, hears and can do', (file) => {
    const stories = readFileSync(new URL(file, SRC), 'utf8')
      .split(/^export const /m)
      .slice(1)
    const withoutNote = stories.filter((story) => !/\bnote\b|= (\{\s+\.\.\.)?(state|after)\(/.test(story))
    expect(withoutNote.map((story) => story.split(':')[0])).toEqual([])
  })
})
