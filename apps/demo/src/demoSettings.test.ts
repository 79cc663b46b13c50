import { describe, expect, it } from '@jest/globals'
import { readDemoSettings } from './demoSettings.js'

describe('the demo settings', () => {
  it('default to port 4300 and .data at the top of the repository', () => {
    const { port, dataDirectory } = readDemoSettings({})
    expect(port).toBe(4300)
    expect(dataDirectory).toMatch(/[/\\]\.data$/)
    expect(dataDirectory).not.toMatch(/apps/)
  })

  it.each(['abc', '-1', '65536', '4300.5', '0x10'])('refuse PORT=%j with a line that names it', (PORT) => {
    expect(() => readDemoSettings({ PORT })).toThrow(/^PORT is .* must be a whole number from 0 to 65535/)
  })

  it.each(['', ' '])('treat PORT=%j as not set', (PORT) => {
    expect(readDemoSettings({ PORT }).port).toBe(4300)
  })

  it('refuse production, whatever else is set: anybody could sign in', () => {
    for (const more of [{}, { ALLOW_MEMORY_STORE: 'true', DATABASE_URL: 'postgres://db/app' }]) {
      expect(() => readDemoSettings({ NODE_ENV: 'production', ...more })).toThrow(/^NODE_ENV is production, .*org-api start/)
    }
    expect(readDemoSettings({ NODE_ENV: 'development' }).port).toBe(4300)
  })
})
