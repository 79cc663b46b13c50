import { describe, expect, it } from '@jest/globals'
import { readDemoArguments } from './demoArguments.js'

describe('what stands after npm start --', () => {
  it('is nothing as a rule: the rows of the last time stay, and none are added', () => {
    expect(readDemoArguments([])).toEqual({ leads: null, reset: false })
  })

  it.each([['--leads', '5000'], ['--leads=5000']])('says how many leads there shall be: %s %s', (...args) => {
    expect(readDemoArguments([...args, '--reset'])).toEqual({ leads: 5_000, reset: true })
  })

  it.each(['many', '-1', '1e3', '10001', '5.5', ''])('refuses --leads=%s with a line that names it', (count) => {
    expect(() => readDemoArguments([`--leads=${count}`])).toThrow(/^--leads is .* whole number from 0 to 10000/)
  })

  it.each([['--lead', '5'], ['5000'], ['--leads'], ['--reset=no']])('refuses %s %s, and says what there is', (...args) => {
    expect(() => readDemoArguments(args.filter((arg) => arg !== undefined))).toThrow(/Known are --leads <count> and --reset/)
  })
})
