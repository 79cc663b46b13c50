import { describe, expect, test } from '@jest/globals'
import { settle } from '../../src/testing/settle.js'
import { createRealtimeHarness } from './harness.js'

type Harness = ReturnType<typeof createRealtimeHarness>
type Pushed = ReturnType<Harness['server']['write']>

/** The longest pauses that chance may choose. */
const SLOWEST = { uniform: () => 1 - Number.EPSILON, bytes: (length: number) => new Uint8Array(length) }

/** A tab that shows leads, live over a feed that works. */
async function openLive(): Promise<Harness> {
  const h = createRealtimeHarness({ random: SLOWEST })
  h.service.subscribe('leads', () => {})
  h.source.status('leads', 'flowing')
  await settle()
  expect(h.state('leads')).toBe('live')
  return h
}

function isRight({ server, store }: Harness): boolean {
  const shown = store.getRows('leads')
  return shown.length === server.rows('leads').length && shown.every(({ row }) => server.row('leads', row.id)?.version === row.version)
}

/** Milliseconds until the screen shows what the server has. */
async function untilRight(h: Harness): Promise<number> {
  const from = h.clock.now()
  while (!isRight(h)) {
    if (h.clock.now() - from > 120_000) throw new Error('two minutes passed and the screen is still wrong')
    await h.clock.advance(100)
  }
  return h.clock.now() - from
}

/** A feed in trouble: how it begins, what becomes of a push meanwhile, and how it ends. */
interface Trouble {
  begin: (h: Harness) => void
  push: (h: Harness, change: Pushed) => void
  end: (h: Harness) => void
}

const lose = () => {}
const deliver = (h: Harness, change: Pushed) => h.source.push('leads', change)

describe('a feed that says it is in trouble', () => {
  const TROUBLES: Record<string, Trouble> = {
    'is off: the connection is lost, and every try ends badly': {
      begin: (h) => h.source.status('leads', 'lost', 'connecting', 'lost'),
      push: lose,
      end: (h) => h.source.status('leads', 'flowing'),
    },
    'hangs: it joins anew and never hears': {
      begin: (h) => h.source.status('leads', 'lost', 'connecting'),
      push: lose,
      end: (h) => h.source.status('leads', 'flowing'),
    },
    'refuses the channel, again and again': {
      begin: (h) => h.source.status('leads', 'lost', 'lost', 'lost'),
      push: lose,
      end: (h) => h.source.status('leads', 'connecting', 'flowing'),
    },
  }

  test.each(Object.entries(TROUBLES))('%s: right within 5 s meanwhile, and 5 s after it ended', async (_name, trouble) => {
    const h = await openLive()
    trouble.begin(h)
    for (let round = 0; round < 5; round += 1) {
      trouble.push(h, h.server.write('leads', `lead-${round}`))
      expect(await untilRight(h)).toBeLessThanOrEqual(5_000)
    }
    trouble.push(h, h.server.write('leads', 'last'))
    trouble.end(h)
    expect(await untilRight(h)).toBeLessThanOrEqual(5_000)
    deliver(h, h.server.write('leads', 'after'))
    expect([await untilRight(h), h.state('leads')]).toEqual([0, 'live'])
  })
})

describe('everything at once', () => {
  test('was away for ten minutes: right within 5 s after the feed is back, which speaks for the server, too', async () => {
    const h = await openLive()
    h.source.status('leads', 'lost')
    h.server.answerNext.push(...Array.from({ length: 100 }, () => new Error('no network')))
    await h.clock.advance(600_000)
    h.server.write('leads', 'lead-1')
    h.server.answerNext.length = 0
    h.source.status('leads', 'connecting', 'flowing')
    expect(await untilRight(h)).toBeLessThanOrEqual(5_000)
    expect(h.state('leads')).toBe('live')
  })
})

describe('a feed that does not know of its trouble', () => {
  test.each<[string, number]>([
    ['drops every other message', 2],
    ['is silent', 1],
  ])('%s: right within 60 s meanwhile, and at once with what comes after it', async (_name, everyNth) => {
    const h = await openLive()
    for (let round = 0; round < 6; round += 1) {
      const change = h.server.write('leads', `lead-${round}`)
      if (round % everyNth !== 0) deliver(h, change)
      expect(await untilRight(h)).toBeLessThanOrEqual(60_000)
      await h.clock.advance(7_000)
    }
    deliver(h, h.server.write('leads', 'after'))
    expect([await untilRight(h), h.state('leads')]).toEqual([0, 'live'])
  })

  test('is 20 s late: right as soon as the message is there, in any order, and it was right before that if the log was read', async () => {
    const h = await openLive()
    const late = [h.server.write('leads', 'lead-1'), h.server.write('leads', 'lead-1'), h.server.write('leads', 'lead-2')]
    await h.clock.advance(20_000)
    for (const change of late.reverse()) deliver(h, change)
    expect(await untilRight(h)).toBe(0)
    const later = h.server.write('leads', 'lead-1')
    expect(await untilRight(h)).toBeLessThanOrEqual(60_000)
    deliver(h, later)
    await h.clock.advance(120_000)
    expect([isRight(h), h.state('leads')]).toEqual([true, 'live'])
  })

  test('had its messages locked away: right within 60 s meanwhile, and 5 s after the first hint that follows', async () => {
    const h = await openLive()
    for (const id of ['lead-1', 'lead-2']) h.server.write('leads', id)
    expect(await untilRight(h)).toBeLessThanOrEqual(60_000)
    for (const id of ['lead-3', 'lead-4']) h.server.write('leads', id)
    h.source.push('leads', { hint: true })
    expect(await untilRight(h)).toBeLessThanOrEqual(5_000)
  })

  test('sleeps with its tab: right as soon as the page comes to the front', async () => {
    const h = await openLive()
    h.connectivity.emit('hidden')
    await h.clock.advance(10_000)
    h.server.write('leads', 'lead-1')
    h.connectivity.emit('visible')
    await settle()
    expect(await untilRight(h)).toBe(0)
  })
})
