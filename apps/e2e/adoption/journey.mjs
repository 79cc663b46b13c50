import assert from 'node:assert/strict'
import { chromiumLaunch } from '@org/tooling/chromium'
import { chromium, expect as expectOf } from '@playwright/test'
import { seed } from './seed.mjs'

const APPROVE = '/critical/api/deals/approve'
const expect = expectOf.configure({ timeout: 20_000 })

/**
 * Two people of one account at their desks, each in a browser profile of their own; the team's audit is the proof.
 * @param {{ url: string, owner: import('pg').Client, isLive: boolean }} world the running app, its database as the owner sees
 *   it, and whether changes come by broadcast
 * @throws {Error} when a screen or the audit says something else than it should
 */
export async function journey({ url, owner, isLive }) {
  const { people, contact, deals } = await seed(owner)
  const browser = await chromium.launch(chromiumLaunch())
  try {
    const ana = await openDesk(browser, url, people.ana)
    const ben = await openDesk(browser, url, people.ben)
    const sent = sentBy(ana)
    if (isLive) await untilJoined(ben)

    await dealButton(ana, deals.small).dblclick()
    await expect(dealButton(ana, deals.small)).toHaveText('Approved')
    await expect(dealButton(ben, deals.small)).toHaveText('Approved')
    // Twice in one task, which no repainting comes between.
    await dealButton(ana, deals.exact).evaluate((button) => {
      button.click()
      button.click()
    })
    await expect(dealButton(ben, deals.exact)).toHaveText('Approved')
    assert.equal(new Set(sent.map(({ key }) => key)).size, 2, 'each double click is one click')

    await dealButton(ana, deals.large).click()
    await expect(ana.locator(`[data-deal="${deals.large}"]`)).toContainText('This deal is above your credit limit')
    await expect(dealButton(ben, deals.large)).toHaveText('Approve deal')

    await chooseStatus(ana, contact, 'Won')
    await expect(statusButton(ana, contact)).toHaveText('Won')
    await expect(statusButton(ben, contact)).toHaveText('Won')

    await expectTold(ben, isLive ? [deals.small, deals.exact, contact] : [])
    await expectReplayed(ana, sent[0])
    await expectForeign(browser, url, people.eve, deals.large)
    await expectAudit(
      owner,
      [
        [deals.small, people.ana.id, 'open', 'approved'],
        [deals.exact, people.ana.id, 'open', 'approved'],
        [contact, people.ana.id, 'lead', 'customer'],
      ],
      [...Object.values(deals), contact],
    )
    assert.deepEqual([...ana.complaints, ...ben.complaints], [], 'the pages complain of nothing')
  } finally {
    await browser.close()
  }
}

const dealButton = (page, id) => page.locator(`[data-deal="${id}"] [data-component="CriticalButton"]`)
const statusButton = (page, id) => page.locator(`[data-contact="${id}"] [data-component="LeadStatusButton"]`)

async function chooseStatus(page, id, label) {
  await statusButton(page, id).click()
  await page.getByRole('menuitemradio', { name: label, exact: true }).click()
}

async function openDesk(browser, url, person) {
  const page = await (await browser.newContext()).newPage()
  const [complaints, heard] = [[], []]
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(payload.toString())))
  await page.goto(url)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: `${person.name}’s desk` })).toBeVisible()
  return Object.assign(page, { complaints, heard })
}

/** The approvals a page asks for, from now on. */
function sentBy(page) {
  const sent = []
  page.on('request', (request) => {
    if (request.url().endsWith(APPROVE)) sent.push({ key: request.headers()['idempotency-key'], body: request.postData() })
  })
  return sent
}

/** From then on it is told of contacts and deals. */
async function untilJoined(page) {
  const isJoined = (table) => page.heard.some((frame) => frame.includes(`sync:${table}:`) && /"phx_reply".*"ok"/.test(frame))
  await expect.poll(() => ['leads', 'deals'].filter(isJoined)).toEqual(['leads', 'deals'])
}

/** Each of these rows' changes was broadcast to the page, once. */
async function expectTold(page, ids) {
  await expect.poll(() => ids.filter((id) => page.heard.filter((frame) => isChangeOf(frame, id)).length === 1)).toEqual(ids)
  if (ids.length === 0) assert.deepEqual(page.heard, [], 'without Realtime there is no connection')
}

const isChangeOf = (frame, id) => /sync:(leads|deals):/.test(frame) && frame.includes('"changes"') && frame.includes(id)

/** The same key once more: the recorded answer, and no second effect. */
async function expectReplayed(page, { key, body }) {
  const answer = await approve(page, new URL(page.url()).origin, { key, body })
  assert.deepEqual([answer.status, answer.replayed], [200, 'true'], 'a repeated key is answered with what is recorded')
}

/** Somebody of another account sees nothing, and may approve nothing. */
async function expectForeign(browser, url, person, dealId) {
  const page = await openDesk(browser, url, person)
  assert.equal(await page.locator('li').count(), 0, 'a foreign desk is empty')
  const answer = await approve(page, url, { key: crypto.randomUUID(), body: JSON.stringify({ dealId }) })
  assert.equal(answer.status, 404, 'a foreign deal is not found')
}

async function approve(page, origin, { key, body }) {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, origin }
  const response = await page.context().request.post(origin + APPROVE, { headers, data: body })
  return { status: response.status(), replayed: response.headers()['idempotent-replayed'] }
}

/** Exactly these entries about these rows: one for each effect. */
async function expectAudit(owner, wanted, ids) {
  const { rows } = await owner.query(
    'select row_id, person_id, stage_before, stage_after from crm.audit where row_id = any ($1::uuid[]) order by entry',
    [ids],
  )
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    wanted,
    'the audit has one entry for each effect',
  )
}
