import { acceptedMessages, apiOf, setFaults } from '../harness/apiOf.js'
import { sendButton, untilLive } from '../harness/dashboard.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

test.afterEach(({ demo }) => setFaults(demo.url))

const bodiesTo = async (url: string, text: string) => (await acceptedMessages(url)).filter(({ body }) => body === text)

test('an SMS goes out once and its delivery shows in the card', async ({ openAs, demo }) => {
  const ana = await openAs('ana', '#leads/lead-123')
  await untilLive(ana)
  await ana.getByLabel('Message').fill('See you tomorrow at ten.')
  await sendButton(ana).click()

  await expect(ana.locator('[data-component="SmsHistory"] li[data-status="delivered"]')).toContainText('See you tomorrow at ten.')
  expect(await bodiesTo(demo.url, 'See you tomorrow at ten.')).toHaveLength(1)
})

test('a lost answer shows an honest state, and the person gets exactly one message', async ({ openAs, demo }) => {
  await setFaults(demo.url, { twilio: { mode: 'lost-response', times: 1 } })
  const ana = await openAs('ana', '#leads/lead-124')
  await untilLive(ana)
  const states = await recordStates(ana)
  await ana.getByLabel('Message').fill('Your visit is booked.')
  await sendButton(ana).click()

  await expect(ana.locator('[data-component="SmsHistory"] li[data-status="delivered"]')).toContainText('Your visit is booked.', {
    timeout: 30_000,
  })
  await expect(sendButton(ana)).toHaveAttribute('data-state', /success|idle/, { timeout: 30_000 })
  expect(await bodiesTo(demo.url, 'Your visit is booked.')).toHaveLength(1)
  expect(await (await apiOf(demo.url, 'ana')).smsHistory('lead-124')).toHaveLength(1)
  expect(await states()).not.toContain('error')
})

test('Twilio down: the SMS waits, nothing is lost, and it goes out once when Twilio is back', async ({ openAs, demo }) => {
  await setFaults(demo.url, { twilio: { mode: 'refused' } })
  const ana = await openAs('ana', '#leads/lead-125')
  await untilLive(ana)
  await ana.getByLabel('Message').fill('The proposal is on its way.')
  await sendButton(ana).click()
  await expect(sendButton(ana)).toHaveAttribute('data-state', /checking|queued|retrying|circuit-open/)
  expect(await bodiesTo(demo.url, 'The proposal is on its way.')).toHaveLength(0)

  await setFaults(demo.url)
  await expect(ana.locator('[data-component="SmsHistory"] li[data-status="delivered"]')).toContainText('The proposal is on its way.', {
    timeout: 45_000,
  })
  expect(await bodiesTo(demo.url, 'The proposal is on its way.')).toHaveLength(1)
})

/** Writes down every state the send button shows; call the answer to read them. */
async function recordStates(page: Parameters<typeof sendButton>[0]): Promise<() => Promise<string[]>> {
  const button = await sendButton(page).elementHandle()
  const record = await page.evaluateHandle((element) => {
    const seen: string[] = []
    new MutationObserver(() => seen.push(element?.getAttribute('data-state') ?? '')).observe(element as Node, {
      attributes: true,
      attributeFilter: ['data-state'],
    })
    return seen
  }, button)
  return () => record.jsonValue()
}
