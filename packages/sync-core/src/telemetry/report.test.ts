import { describe, expect, test } from '@jest/globals'
import type { DiagnosticCode, TelemetryEvent } from '../ports/Telemetry.js'
import { fakeClock } from '../testing/fakeClock.js'
import { settle } from '../testing/settle.js'
import { explain } from './explanations.js'
import { createExplain, createReport, type LoadExplanations } from './report.js'

function reporting(load: LoadExplanations) {
  const clock = fakeClock()
  const told: TelemetryEvent[] = []
  const report = createReport({ telemetry: (event) => told.push(event), clock, explain: createExplain(load, clock) })
  return { clock, told, report }
}

describe('a diagnostic', () => {
  test('is told in the words of its code, and with the moment it was met at', async () => {
    const { clock, told, report } = reporting(async () => ({ explain }))
    const at = clock.now()
    report('ROW_MALFORMED', { table: 'leads' })
    clock.advance(1_000)
    await settle()
    const message = 'A row of "leads" has no id or no version and was left out. Load full rows.'
    expect(told).toEqual([{ type: 'diagnostic', code: 'ROW_MALFORMED', message, at, detail: { table: 'leads' } }])
  })

  test.each<[string, LoadExplanations]>([
    ['cannot be loaded', () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))],
    ['never come', () => new Promise(() => {})],
  ])('whose words %s is told all the same, with where to read of it', async (_, load) => {
    const { clock, told, report } = reporting(load)
    report('STORAGE_REFUSED', { what: 'left', error: 'AbortError: closed' })
    await clock.advance(2_000)
    expect(told).toMatchObject([{ code: 'STORAGE_REFUSED', message: expect.stringMatching(/README.*AbortError: closed/) }])
  })

  test('of a room that has its own words is told at once', () => {
    const { told, report } = reporting(async () => ({ explain }))
    report('TABLE_UNKNOWN', 'Nobody here knows it.')
    expect(told).toMatchObject([{ code: 'TABLE_UNKNOWN', message: 'Nobody here knows it.' }])
  })
})

test.each<DiagnosticCode>([
  ...['STORAGE_FULL', 'STORAGE_BACK', 'STORAGE_LOST', 'ENTRY_UNREADABLE', 'ENTRY_NEWER', 'UNKNOWN_ACTION', 'CALLBACK_THREW'],
  ...['LISTENER_THREW', 'ANSWER_INVALID', 'ECHO_MISSING', 'TAKE_OVER', 'ROW_MALFORMED', 'CHUNK_MISSING', 'TAB_MESSAGE_REFUSED'],
])('%s has words of its own, and says what was thrown', (code) => {
  expect(explain(code, { error: 'RangeError: no' })).toMatch(/^[A-Z"].{40,} RangeError: no$/)
})

test.each(['left', 'queue', 'left-behind', 'click'])('storage that refused says what for: %s', (what) => {
  expect(explain('STORAGE_REFUSED', { what })).toMatch(/ .*\.$/)
})

test.each(['token-unavailable', 'token-refused', 'api-unreachable', 'api-misconfigured', 'actor-differs'])(
  'identity says what to do: %s',
  (reason) => {
    expect(explain('IDENTITY_UNAVAILABLE', { reason })).toMatch(/nothing is sent.*(See|Let|Check|Call) /)
  },
)
