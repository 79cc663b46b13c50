import { expect, test } from '@jest/globals'
import type { BaseRow } from '@org/contracts'
import fc from 'fast-check'
import type { FeedStatus } from '../../src/ports/ChangeSource.js'
import { settle } from '../../src/testing/settle.js'
import { modelRuns } from '../model/modelRuns.js'
import { createRealtimeHarness } from './harness.js'

const IDS = ['a', 'b', 'c', 'd']

/** What may happen, one step. Whatever happens, nothing may be missing once the faults are over. */
type Step =
  | { kind: 'write'; id: string; push: 'now' | 'later' | 'twice' | 'lost' | 'hint' }
  | { kind: 'remove'; id: string; push: 'now' | 'later' | 'lost' }
  | { kind: 'answer'; id: string }
  | { kind: 'late pushes'; id: string }
  | { kind: 'feed'; status: FeedStatus }
  | { kind: 'read fails'; status: number }
  | { kind: 'reads hang' }
  | { kind: 'reads answer' }
  | { kind: 'network'; online: boolean }
  | { kind: 'page'; visible: boolean }
  | { kind: 'log trimmed' }
  | { kind: 'restored' }
  | { kind: 'time'; ms: number }
  | { kind: 'lag'; ms: number }

const anId = fc.constantFrom(...IDS)
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('write' as const), id: anId, push: fc.constantFrom('now', 'later', 'twice', 'lost', 'hint') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), id: anId, push: fc.constantFrom('now', 'later', 'lost') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('answer' as const), id: anId }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late pushes' as const), id: anId }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('feed' as const), status: fc.constantFrom<FeedStatus>('connecting', 'flowing', 'lost') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read fails' as const), status: fc.constantFrom(0, 401, 403, 429, 500, 200) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('network' as const), online: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('page' as const), visible: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'reads hang' as const }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'reads answer' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'log trimmed' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restored' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lag' as const), ms: fc.constantFrom(0, 2_000, 20_000) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1, 500, 5_000, 40_000) }) },
)

type Pushed = ReturnType<ReturnType<typeof createRealtimeHarness>['server']['write' | 'remove']>

/** Takes the pushes of one row that are still under way, oldest first. */
function takeLate(late: Pushed[], id: string): Pushed[] {
  const own = late.filter((change) => (change.new ?? change.old)?.id === id)
  for (const change of own) late.splice(late.indexOf(change), 1)
  return own
}

type Harness = ReturnType<typeof createRealtimeHarness>

function takeStep(h: Harness, step: Step, late: Pushed[]): Promise<void> | void {
  const { server, source } = h
  switch (step.kind) {
    case 'write': {
      const change = server.write('leads', step.id, { note: h.clock.now() })
      if (step.push === 'later') late.push(change)
      if (step.push === 'now') for (const earlier of takeLate(late, step.id)) source.push('leads', earlier)
      // Twice: ahead of what is late, as one's own answer or another tab may bring it.
      if (step.push === 'now' || step.push === 'twice') source.push('leads', change)
      if (step.push === 'twice') source.push('leads', change)
      if (step.push === 'hint') source.push('leads', { hint: true })
      return
    }
    case 'remove': {
      if (!server.row('leads', step.id)) return
      const change = server.remove('leads', step.id)
      if (step.push === 'later') late.push(change)
      // A feed keeps the order of one row's changes, so what is still under way is overtaken by nothing.
      if (step.push === 'now') for (const earlier of [...takeLate(late, step.id), change]) source.push('leads', earlier)
      return
    }
    case 'answer':
      return h.store.ingest('leads', [server.row('leads', step.id)].filter(Boolean))
    case 'late pushes':
      for (const change of takeLate(late, step.id)) source.push('leads', change)
      return
    case 'feed':
      return source.status('leads', step.status)
    case 'read fails':
      server.answerNext.push(step.status === 0 ? new Error('network') : { status: step.status, body: 'no page' })
      return
    case 'reads hang':
      return server.hang()
    case 'reads answer':
      server.answer()
      return settle()
    case 'network':
      return h.connectivity.emit(step.online ? 'online' : 'offline')
    case 'page':
      return h.connectivity.emit(step.visible ? 'visible' : 'hidden')
    case 'log trimmed':
      return server.trimLog()
    case 'restored':
      // Restored to how things stood, but counted anew; what was pushed before may still arrive.
      return server.restore({
        leads: h.server
          .rows('leads')
          .slice(1)
          .map((row) => ({ ...row, version: 1 })),
      })
    case 'lag':
      server.horizonLagMs = step.ms
      return
    case 'time':
      return h.clock.advance(step.ms)
  }
}

function byId(rows: Iterable<BaseRow>): Record<string, BaseRow> {
  return Object.fromEntries([...rows].sort((a, b) => (a.id < b.id ? -1 : 1)).map((row) => [row.id, row]))
}

test('whatever is lost, late, doubled or refused, rows and subscribers end up equal to the server, and live', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 40 }), async (steps) => {
      const h = createRealtimeHarness()
      const replica = new Map<string, BaseRow>()
      h.service.subscribe('leads', (event) => {
        if (event.new) replica.set(event.new.id, event.new)
        else replica.delete(event.old!.id)
      })
      h.source.status('leads', 'flowing')
      await settle()
      const late: Pushed[] = []
      for (const step of steps) await takeStep(h, step, late)

      // The faults are over; what was under way arrives.
      for (const change of late) h.source.push('leads', change)
      h.server.answer()
      h.server.answerNext.length = 0
      h.server.horizonLagMs = 0
      h.connectivity.emit('visible')
      h.connectivity.emit('online')
      h.source.status('leads', 'flowing')
      await h.clock.advance(180_000)

      expect(h.state('leads')).toBe('live')
      expect(byId(h.store.getRows('leads').map(({ row }) => row))).toEqual(byId(h.server.rows('leads')))
      expect(byId(replica.values())).toEqual(byId(h.server.rows('leads')))
      h.service.destroy()
      expect(h.clock.pending()).toBe(0)
    }),
    modelRuns(60),
  )
})
