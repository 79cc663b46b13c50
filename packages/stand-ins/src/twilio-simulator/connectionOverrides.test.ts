import { describe, expect, it } from '@jest/globals'
import { connectionOverrides } from './connectionOverrides.js'

const read = (fragment: string) => {
  const { retries, retriedAfter } = connectionOverrides(`https://api.example.com/status?mid=1${fragment}`)
  return [retries, ...retriedAfter].join(' ')
}

describe('what a webhook’s address asks for', () => {
  it.each([
    ['', '1 ct'],
    ['#rc=5&rp=all', '5 ct rt 4xx 5xx'],
    ['#rc=2', '2 ct'],
    ['#rp=5xx,ct', '1 ct 5xx'],
    ['#rc=0&rp=all', '0 ct rt 4xx 5xx'],
    ['#rc=9', '5 ct'],
    ['#rc=many&rp=never', '1'],
    ['#ct=2000', '1 ct'],
  ])('%j means %s', (fragment, meaning) => {
    expect(read(fragment)).toBe(meaning)
  })

  it('is no part of what is requested', () => {
    expect(connectionOverrides('https://api.example.com/status?mid=1&attempt=2#rc=5&rp=all').url).toBe(
      'https://api.example.com/status?mid=1&attempt=2',
    )
  })
})
