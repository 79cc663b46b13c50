import { expect, it } from '@jest/globals'
import { leadsSummary } from './leadsSummary.js'

it.each([
  ['loading', 0, 0, 'Loading …'],
  ['loading', 1_200, 1_200, 'Loading … 1,200 so far'],
  ['error', 0, 0, 'Not loaded yet'],
  ['ready', 1, 1, '1 lead'],
  ['ready', 5_000, 5_000, '5,000 leads'],
  ['remembered', 7, 5_000, '7 of 5,000 shown'],
] as const)('says of %s, %i of %i: %s', (status, listed, all, text) => {
  expect(leadsSummary(status, listed, all)).toBe(text)
})
