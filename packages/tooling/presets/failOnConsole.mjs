import { afterEach, beforeEach, expect, jest } from '@jest/globals'

// Unexpected output is a symptom nobody looks at; a test that expects some spies on the method itself.
const METHODS = ['log', 'info', 'warn', 'error', 'debug']
let unexpected = []

beforeEach(() => {
  unexpected = []
  for (const method of METHODS) {
    jest.spyOn(console, method).mockImplementation((...args) => unexpected.push([method, ...args.map(String)]))
  }
})

afterEach(() => {
  for (const method of METHODS) console[method].mockRestore?.()
  expect(unexpected).toEqual([])
})
