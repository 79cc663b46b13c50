import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OfflineIndicator } from '../../src/offline-indicator/OfflineIndicator.js'
import { SendSMSButton } from '../../src/send-sms-button/SendSMSButton.js'
import { clearStage, one, openStage } from './stage.js'

let heard: { text: string; politeness: string | null; atMs: number }[] = []
let screenReader: MutationObserver
let began = 0

/** Logs what is added to a live region, as a screen reader takes it up: only in regions that were there before. */
function listen(): void {
  heard = []
  began = performance.now()
  screenReader = new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      const region = (target as Element).closest?.('[aria-live]')
      for (const node of region ? addedNodes : []) {
        heard.push({
          text: node.textContent ?? '',
          politeness: region?.getAttribute('aria-live') ?? null,
          atMs: performance.now() - began,
        })
      }
    }
  })
  screenReader.observe(document.body, { subtree: true, childList: true })
}

const texts = () => heard.map(({ text }) => text)
const button = () => one('[data-component="SendSMSButton"]')

// Announced once a document each: every test speaks of someone else.
let people = 0
const person = () => {
  people += 1
  return `Person ${people}`
}

beforeEach(listen)
afterEach(async () => {
  screenReader.disconnect()
  await clearStage()
})

describe('what a screen reader logs', () => {
  it('has one polite and one assertive region, empty, with roles, before anything is said', async () => {
    await openStage(<SendSMSButton leadId="lead-123" message="Hi" />)
    const regions = [...document.querySelectorAll('[aria-live]')].map((region) => [
      region.getAttribute('role'),
      region.getAttribute('aria-live'),
      region.getAttribute('data-live-announcer'),
      region.textContent,
    ])
    expect(regions).toEqual([
      ['status', 'polite', 'true', ''],
      ['alert', 'assertive', 'true', ''],
    ])
  })

  it('hears a slow click: pending politely after a second, then the success, and each once', async () => {
    const subject = person()
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi" subject={subject} />)
    button().click()
    await vi.waitFor(() => expect(texts()).toEqual([`Sending SMS to ${subject}`]), { timeout: 3_000 })
    expect(heard[0]?.atMs).toBeGreaterThanOrEqual(1_000)
    await client.succeed()
    await vi.waitFor(() => expect(texts()).toEqual([`Sending SMS to ${subject}`, `SMS sent to ${subject}`]))
    expect(heard.map(({ politeness }) => politeness)).toEqual(['polite', 'polite'])
  })

  it('hears a quick click only when it is done', async () => {
    const subject = person()
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi" subject={subject} />)
    button().click()
    await client.succeed()
    await vi.waitFor(() => expect(texts()).toEqual([`SMS sent to ${subject}`]))
  })

  it('is interrupted by a failure, with what can be done about it', async () => {
    const { client } = await openStage(<SendSMSButton leadId="lead-123" message="Hi" />)
    button().click()
    await client.fail({ code: 'EFFECT_REFUSED', message: `${person()} has no phone.` })
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    expect(heard[0]).toMatchObject({
      text: expect.stringMatching(/^SMS not sent\. Person \d+ has no phone\. Try again is available$/),
      politeness: 'assertive',
    })
  })

  it('hears one failure once, however many buttons show it', async () => {
    const { client } = await openStage(
      <>
        <SendSMSButton leadId="lead-123" message="Hi" />
        <SendSMSButton leadId="lead-123" message="Hi" />
      </>,
    )
    document.querySelector<HTMLElement>('[data-component="SendSMSButton"]')?.click()
    await client.fail({ code: 'EFFECT_REFUSED', message: `${person()} was not reached.` })
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0))
    // The second would be due at the same moment.
    await vi.waitFor(() => expect(performance.now() - began - (heard[0]?.atMs ?? 0)).toBeGreaterThan(100))
    expect(heard).toHaveLength(1)
  })

  it('hears the network go and come back, in that order', async () => {
    const { client } = await openStage(<OfflineIndicator />)
    await client.goOffline()
    await vi.waitFor(() => expect(texts()).toEqual(['Offline']))
    await client.goOnline()
    await vi.waitFor(() => expect(texts()).toEqual(['Offline', 'Back online']))
    expect(heard.every(({ politeness }) => politeness === 'polite')).toBe(true)
  })
})
