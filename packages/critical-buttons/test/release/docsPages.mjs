// The docs pages of the built Storybook in Chromium: that each can be read (axe), stays where it was opened, shows
// what its headings promise, and lists every prop with its type.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium } from 'playwright'

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
/** What the tables must not leave out. Types are asked of the compiler, so a word from each kind of them is enough. */
const PROPS = {
  BookingConfirmButton: ['appointmentId', 'variant', 'onSuccess', 'onError', 'disabled', 'children'],
  CriticalButton: ['action', 'request', 'isDone', 'variant', 'onSuccess', 'onError', 'slots'],
  LeadStatusBulkUpdateButton: ['leadIds', 'targetStatus', 'variant', 'onSuccess'],
  LeadStatusButton: ['leadId', 'currentStatus', 'variant', 'onSuccess', 'onError', 'disabled', 'slots'],
  OfflineIndicator: ['alwaysShown', 'className'],
  SendSMSButton: ['leadId', 'message', 'variant', 'onSuccess'],
  SmsHistory: ['leadId', 'className'],
  SyncInspector: ['className'],
}
/** What a story's frame must show without anybody's click. */
const OPENED = { '--confirming': 'alertdialog', '--menu-open': 'menu' }
/** The smallest screen that is promised, in px. */
const PHONE = 320
const VAGUE = /^(union|intersection|object|any|unknown|Partial)?$/

/** Builds Storybook into a folder. */
export function buildStorybook(folder) {
  execFileSync(join(PACKAGE, 'node_modules/.bin/storybook'), ['build', '-o', folder, '--quiet', '--disable-telemetry'], {
    cwd: PACKAGE,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** @param folder of a built Storybook */
export async function checkDocsPages(folder) {
  const server = await serve(folder)
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const { entries } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
    const pages = Object.values(entries).filter(({ type }) => type === 'docs')
    assert.ok(pages.length >= 14, `Only ${pages.length} docs pages were built.`)
    for (const entry of pages) await checkPage(browser, server.url, entry)
    return pages.length
  } finally {
    await browser.close()
    await server.close()
  }
}

async function checkPage(browser, url, { id, title }) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
  try {
    // A busy machine is no failure: what is waited for is there or it is not.
    page.setDefaultTimeout(120_000)
    const complaints = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${url}/iframe.html?id=${id}&viewMode=docs`, { waitUntil: 'domcontentloaded' })
    await page.locator('#storybook-docs h1').first().waitFor()
    await page.waitForFunction(storiesAreDrawn)
    const component = title.split('/')[1]
    if (PROPS[component]) await checkProps(page, component)
    for (const [story, role] of Object.entries(OPENED)) {
      for (const frame of await page.locator(`iframe[id$="${story}"]`).all()) {
        // Far down the page it is loaded when somebody scrolls there; nobody does.
        await frame.evaluate((element) => {
          element.loading = 'eager'
        })
        await frame
          .contentFrame()
          .getByRole(role)
          .waitFor()
          .catch((cause) => assert.fail(`${title} shows no ${role} under ${story}: ${cause.message}`))
      }
    }
    assert.equal(await page.evaluate(() => window.scrollY), 0, `${title} scrolls by itself when it is opened.`)
    assert.deepEqual(await violationsIn(page), [], `axe finds something on ${title}.`)
    assert.deepEqual(complaints, [], title)
    await page.setViewportSize({ width: PHONE, height: 800 })
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE, `${title} is wider than a phone.`)
  } finally {
    await page.close()
  }
}

/** Runs in the page: each story block holds its story, or a frame, which is asked apart. */
function storiesAreDrawn() {
  return [...document.querySelectorAll('.docs-story')].every((block) => block.querySelector('iframe, .stage, [data-component]') !== null)
}

async function checkProps(page, component) {
  const rows = page.locator('.docblock-argstable-body > tr')
  await rows.first().waitFor()
  const props = await rows.evaluateAll((all) =>
    all.map((row) => {
      const [name, description] = row.cells
      const types = [...description.querySelectorAll(':scope > div:last-child span')].map((type) => type.textContent)
      return { name: name.textContent.replace('*', ''), type: types.join(' | ') }
    }),
  )
  const names = props.map(({ name }) => name)
  for (const name of PROPS[component]) assert.ok(names.includes(name), `The table of ${component} lacks ${name}; it has ${names}.`)
  const vague = props.filter(({ type }) => VAGUE.test(type))
  assert.deepEqual(vague, [], `The table of ${component} does not say these types.`)
}

async function violationsIn(page) {
  await page.addScriptTag({ path: AXE })
  const { violations } = await page.evaluate((runOnly) => window.axe.run('#storybook-docs', { runOnly, iframes: false }), RULES)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3)}`)
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' }

async function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname))
    readFile(join(folder, path)).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}
