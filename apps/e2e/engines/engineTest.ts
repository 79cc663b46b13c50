import { test as base } from '@playwright/test'
import type { Engine, EngineName, Profile } from './drivers/Engine.js'

export interface PerTest {
  /** A browser with nothing stored yet. */
  profile: Profile
}

export interface PerWorker {
  engineName: EngineName
  engine: Engine
}

/** Playwright's runner with the browser of a project's choice. */
export const test = base.extend<PerTest, PerWorker>({
  engineName: ['chromium', { option: true, scope: 'worker' }],
  engine: [
    async ({ engineName }, use) => {
      const engine = await start(engineName)
      await use(engine)
      await engine.close()
    },
    { scope: 'worker' },
  ],
  profile: async ({ engine }, use) => {
    const profile = await engine.newProfile()
    await use(profile)
    await profile.close()
  },
})

// Each brings a library of its own, which the others do not need.
async function start(name: EngineName): Promise<Engine> {
  if (name === 'firefox') return (await import('./drivers/firefox.js')).startFirefox()
  if (name === 'webkit') return (await import('./drivers/webkit.js')).startWebKit()
  return (await import('./drivers/chromium.js')).startChromium()
}

export { expect } from '@playwright/test'
