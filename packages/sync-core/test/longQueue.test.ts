import { afterEach, describe, expect, test } from '@jest/globals'
import { HEADERS, smsSend } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import type { SingleRecord } from '../src/mutation/MutationRecord.js'
import type { Transport } from '../src/ports/Transport.js'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

const COUNT = 100
let world: SyncHarness
afterEach(() => world.close())

/** A server whose answer to write number n, counted from 1, a test decides. */
function serverThat(answer: (write: number) => number | Promise<number>) {
  const sent: string[] = []
  let onTheNetwork = 0
  const seen = { sent, most: 0 }
  const transport: Transport = {
    send: async ({ path, headers }) => {
      const key = headers[HEADERS.idempotencyKey] ?? null
      const echo = (name: string) => (name === HEADERS.idempotencyKey ? key : name === HEADERS.retryAfter ? '60' : null)
      if (path.startsWith('/api/session'))
        return { kind: 'answer', status: 200, header: echo, json: { actor: 'user-456', tenant: 'org-1' } }
      if (path !== smsSend.path) return { kind: 'failure', reason: 'network' }
      sent.push(key ?? '')
      onTheNetwork += 1
      seen.most = Math.max(seen.most, onTheNetwork)
      const status = await answer(sent.length)
      onTheNetwork -= 1
      const json = status < 300 ? { success: true, sms: { id: 'sms-1' } } : { success: false, code: 'SERVICE_UNAVAILABLE', error: 'busy' }
      return { kind: 'answer', status, header: echo, json }
    },
  }
  return { transport, seen }
}

async function queued(transport: Transport): Promise<string[]> {
  world = await createSyncHarness({ rows: { leads: [aLead()] }, adapters: { transport } })
  await world.goOffline()
  const ids = Array.from({ length: COUNT }, (_, index) => world.client.submit(smsSend, { leadId: `lead-${index}`, message: 'Hello' }).id)
  await world.settle()
  return ids
}

/** Until four answers are waited for. */
async function untilSlow(answers: readonly unknown[]): Promise<void> {
  for (let step = 0; step < 300 && answers.length < 4; step++) await world.advance(10)
}

function inState(state: string): SingleRecord[] {
  const [, entries] = [...world.browser.databases].find(([name]) => !name.includes('origin'))!
  return ([...entries.values()] as SingleRecord[]).filter((record) => record.state === state)
}

describe('a long queue and a fast server', () => {
  test('goes out in order, each click once, never more than four at a time', async () => {
    const { transport, seen } = serverThat(() => 200)
    const ids = await queued(transport)
    await world.goOnline()
    await world.advance(3_000)
    expect(seen.sent).toEqual(ids)
    expect(seen.most).toBe(4)
  })

  test('that asks for a rest: what was claimed ahead is given back as never attempted', async () => {
    const { transport, seen } = serverThat((write) => (write <= 40 ? 200 : 503))
    await queued(transport)
    await world.goOnline()
    await world.advance(3_000)
    expect(seen.sent.length).toBeLessThanOrEqual(48)
    expect(inState('sending')).toEqual([])
    const untouched = inState('queued').filter(({ attempts }) => attempts === 0)
    expect(untouched).toHaveLength(COUNT - seen.sent.length)
    expect(untouched.every(({ ambiguous }) => !ambiguous)).toBe(true)
  })

  test.each([
    ['at the first slow answer', 900, 1],
    ['when there is none for a second', 1_100, 0],
  ])('that becomes slow: what was claimed ahead is given back %s', async (_, waitMs, slowAnswers) => {
    const answers: (() => void)[] = []
    const slowly = () => new Promise<number>((resolve) => answers.push(() => resolve(200)))
    const { transport, seen } = serverThat((write) => (write > 40 && write <= 48 ? slowly() : 200))
    await queued(transport)
    await world.goOnline()
    await untilSlow(answers)
    expect(inState('sending').length).toBeGreaterThan(4)
    await world.advance(waitMs)
    for (const answer of answers.splice(0, slowAnswers)) answer()
    await world.settle()
    expect(inState('sending')).toHaveLength(4)
    for (let answer = answers.shift(); answer !== undefined; answer = answers.shift()) {
      answer()
      await world.settle()
    }
    expect(new Set(seen.sent).size).toBe(COUNT)
    expect(seen.sent).toHaveLength(COUNT)
  })

  test('and a crash: another page load sends what was on its way, and then the rest, with their keys', async () => {
    let hangs = true
    const { transport, seen } = serverThat((write) => (write <= 40 || !hangs ? 200 : new Promise<number>(() => {})))
    const ids = await queued(transport)
    await world.goOnline()
    await world.advance(3_000)
    expect(seen.sent).toHaveLength(44)
    hangs = false
    await world.reload()
    await world.advance(60_000)
    expect(seen.sent.slice(44).sort()).toEqual(ids.slice(40).sort())
  })

  test('a click that is taken back while it waits for its place on the network is not sent', async () => {
    let release = () => {}
    const slow = new Promise<number>((resolve) => {
      release = () => resolve(200)
    })
    const { transport, seen } = serverThat((write) => (write <= 40 ? 200 : slow))
    const ids = await queued(transport)
    await world.goOnline()
    await world.advance(3_000)
    expect(world.client.getMutation(ids[50]!)).toMatchObject({ phase: 'queued', attempt: 0 })
    expect(await world.client.cancel(ids[50]!)).toBe('cancelled')
    release()
    await world.advance(3_000)
    expect(seen.sent).toHaveLength(COUNT - 1)
    expect(seen.sent).not.toContain(ids[50])
  })
})
