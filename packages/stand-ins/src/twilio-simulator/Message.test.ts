import { expect, it } from '@jest/globals'
import { countSegments } from './Message.js'

it.each([
  ['', 1],
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['你'.repeat(70), 1],
  ['你'.repeat(71), 2],
  ['😀'.repeat(35), 1],
  ['😀'.repeat(36), 2],
  ['😀'.repeat(67), 3],
  [']'.repeat(153), 3],
  [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
  [`${'x'.repeat(66)}😀${'x'.repeat(66)}`, 3],
])('counts the segments of %j', (body, expected) => {
  expect(countSegments(body)).toBe(expected)
})
