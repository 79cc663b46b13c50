import { rm } from 'node:fs/promises'
import { test as base } from '@playwright/test'
import { newDataDirectory } from '../harness/dataDirectory.js'
import { type RunningDemo, startDemo } from '../harness/startDemo.js'

// The checker asks often; what it finds must not depend on whether it may.
const NO_LIMITS = { RATE_LIMIT_USER_PER_MINUTE: '1000000', RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000', SMS_LIMIT_USER_PER_MINUTE: '1000000' }

/** Playwright's test with a demo of its own that counts nobody's requests. */
export const test = base.extend<object, { demo: RunningDemo }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const demo = await startDemo({ dataDirectory: await newDataDirectory(), env: NO_LIMITS })
      await use(demo)
      await demo.stop()
      await rm(demo.dataDirectory, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
})

export { expect } from '@playwright/test'
