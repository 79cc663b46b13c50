import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { serve } from './consumer.mjs'

const E2E = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a suite of Playwright's on a built app that lies elsewhere.
 * @param {string} suite the folder of its config, in apps/e2e
 * @param {string} folder of the app
 * @param {string} variable tells the suite where the app is served
 * @throws {Error} when a test failed
 */
export async function runSuite(suite, folder, variable) {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  const app = await serve(folder)
  try {
    const env = { ...process.env, [variable]: app.url }
    const child = spawn(process.execPath, [playwright, 'test', '-c', suite], { cwd: E2E, env, stdio: 'inherit' })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    if (code !== 0) throw new Error(`it ended with exit code ${code}`)
  } finally {
    await app.stop()
  }
}
