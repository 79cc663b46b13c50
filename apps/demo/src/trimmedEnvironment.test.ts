import { expect, it } from '@jest/globals'
import { readDemoSettings } from './demoSettings.js'
import { trimmedEnvironment } from './trimmedEnvironment.js'

it('reads the demo’s settings without the spaces and line ends around them', () => {
  expect(readDemoSettings(trimmedEnvironment({ PORT: '4301 ', DEMO_DATA_DIR: '/data\n' }))).toEqual({ port: 4301, dataDirectory: '/data' })
  expect(() => readDemoSettings(trimmedEnvironment({ NODE_ENV: 'production\r\n' }))).toThrow('NODE_ENV is production')
})
