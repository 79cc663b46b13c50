import { servePage } from './servePage.mjs'

const SECOND_MS = 1_000

/**
 * The scripts of a built page that a browser has asked for within a second of its start.
 * @param {import('@playwright/test').Browser} browser
 * @returns {Promise<Set<string>>} by name, as Vite calls them
 */
export async function firstSecond(browser, folder) {
  const served = await servePage(folder)
  const page = await browser.newPage()
  try {
    const asked = new Set()
    page.on('request', (request) => asked.add(new URL(request.url()).pathname.slice(1)))
    const complaints = []
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(served.url)
    await page.locator('#root > *').first().waitFor({ state: 'attached' })
    await page.waitForTimeout(SECOND_MS)
    if (complaints.length > 0) throw new Error(`The page that is weighed does not run: ${complaints.join('; ')}`)
    return asked
  } finally {
    await page.close()
    served.close()
  }
}
