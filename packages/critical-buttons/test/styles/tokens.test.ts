import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { contrastRatio, type Rgb } from '../../.storybook/tokens/contrast.js'
import { PAIRS } from '../../.storybook/tokens/pairs.js'

const css = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8')
const SIDES = /(--cb-[\w-]+): light-dark\((#\w+), (#\w+)\)/g
const ONE = /(--cb-[\w-]+): (#\w+);/g
const [said = '', ofDarkSystems = ''] = css.split('@media (prefers-color-scheme: dark)')

const fixed = new Map([...said.matchAll(ONE)].map(([, name = '', value = '']) => [name, value]))
const light = new Map([...fixed, ...[...said.matchAll(SIDES)].map(([, name = '', value = '']): [string, string] => [name, value])])
const dark = new Map([...fixed, ...[...said.matchAll(SIDES)].map(([, name = '', , value = '']): [string, string] => [name, value])])

function rgb(tokens: ReadonlyMap<string, string>, name: string): Rgb {
  const hex = (tokens.get(name) ?? '').slice(1)
  const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? [])
  expect([name, digits.length]).toEqual([name, 3])
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => Number.parseInt(pair, 16))
  return [red, green, blue]
}

describe('the tokens', () => {
  it('say for a dark system what they say for a dark theme, of each colour that has two sides', () => {
    const again = new Map([...ofDarkSystems.matchAll(ONE)].map(([, name = '', value = '']) => [name, value]))
    expect(again).toEqual(new Map([...dark].filter(([name]) => !fixed.has(name))))
    expect(again.size).toBeGreaterThan(20)
  })

  it.each([
    ['light', light],
    ['dark', dark],
  ])('have enough contrast in every pair the sheets put together, %s', (_name, tokens) => {
    for (const { front, back, least } of PAIRS) {
      if (least === undefined) continue
      const ratio = contrastRatio(rgb(tokens, front), rgb(tokens, back))
      expect([front, back, ratio >= least, ratio]).toEqual([front, back, true, ratio])
    }
  })
})
