import { performance } from 'node:perf_hooks'
import { describe, expect, it } from '@jest/globals'
import { isLike } from './isLike.js'

describe('LIKE', () => {
  it.each([
    ['Anna Kim', 'Anna%', true],
    ['Anna Kim', '%Kim', true],
    ['Anna Kim', '%n%K%', true],
    ['Anna Kim', 'A__a Kim', true],
    ['Anna Kim', 'Anna', false],
    ['Anna Kim', 'A.*', false],
    ['Anna Kim', '%x', false],
    ['aXbXc', '%X%c', true],
    ['ab', 'a%b%', true],
    ['', '%', true],
    ['', '', true],
    ['', '_', false],
    ['100%', '100\\%', true],
    ['100 %', '100\\%', false],
    ['a\\b', 'a\\\\b', true],
    ['a\nb', 'a_b', true],
    ['😀', '_', true],
  ])('%j like %j: %s', (text, pattern, expected) => {
    expect(isLike(text, pattern, { ignoreCase: false })).toBe(expected)
  })

  it('ignores case when asked to', () => {
    expect(isLike('Anna', 'aNN%', { ignoreCase: true })).toBe(true)
    expect(isLike('Anna', 'aNN%', { ignoreCase: false })).toBe(false)
  })

  it('answers a hostile pattern at once', () => {
    const startedAt = performance.now()
    expect(isLike('a'.repeat(2_000), `${'%a'.repeat(50)}%b`, { ignoreCase: false })).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})
