import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonicalText } from './canonicalText.js'
import { fingerprintInWords, fingerprintOf, isForeignFingerprint, isSameRequest } from './fingerprint.js'

const input = { actionName: 'lead.updateStatus', params: {}, body: { leadId: 'lead-1', status: 'won' } }

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  )
}

describe('fingerprintOf', () => {
  it('is the same whatever the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => {
        const received: unknown = JSON.parse(JSON.stringify(body))
        expect(fingerprintOf({ ...input, body: shuffled(received) })).toBe(fingerprintOf({ ...input, body: received }))
      }),
    )
  })

  it('differs with the action, the parameters and the body', () => {
    const prints = [
      input,
      { ...input, actionName: 'sms.send' },
      { ...input, params: { leadId: 'lead-1' } },
      { ...input, body: { ...input.body, status: 'lost' } },
      { ...input, body: { ...input.body, extra: undefined, more: null } },
      { ...input, body: [input.body] },
      { ...input, body: undefined },
    ].map(fingerprintOf)
    expect(new Set(prints).size).toBe(prints.length)
  })

  it('keeps the order of lists, which means something', () => {
    expect(fingerprintOf({ ...input, body: [1, 2] })).not.toBe(fingerprintOf({ ...input, body: [2, 1] }))
  })

  it('does not let one part pass for the end of another', () => {
    expect(fingerprintOf({ actionName: 'a', params: {}, body: 'b' })).not.toBe(fingerprintOf({ actionName: 'a"b', params: {}, body: '' }))
  })

  it('stays as it is over releases: queued clicks are compared with it after a deploy', () => {
    expect(fingerprintOf(input)).toBe('v1:NOSaqa29nEFPgdSTznephEG8xHmkllTFK6VgyfYLQwQ')
  })

  it('refuses a body that is nested too deeply instead of ending the stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(60_000)}${']'.repeat(60_000)}`)
    expect(() => fingerprintOf({ ...input, body: deep })).toThrow(RangeError)
  })
})

describe('the text of a record', () => {
  const key = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom('__proto__', 'toJSON', 'constructor', '-1', '01'))
  const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined))
  const written = (value: unknown): string =>
    value === undefined || typeof value === 'number' ? (Object.is(value, -0) ? '-0' : String(value)) : JSON.stringify(value)

  it('names each of its keys once and in order, whatever they are called and hold', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, scalar)), (entries) => {
        const record = Object.fromEntries(entries)
        const members = Object.keys(record)
          .sort()
          .map((name) => `${JSON.stringify(name)}:${written(record[name])}`)
        expect(canonicalText(record)).toBe(`{${members.join(',')}}`)
      }),
      { seed: 20_261_130, numRuns: 300 },
    )
  })
})

describe('fingerprintInWords', () => {
  const body = fc.jsonValue({ maxDepth: 2 })

  it('tells the same requests apart as the hash does', () => {
    fc.assert(
      fc.property(body, body, (one, other) => {
        const said = (print: typeof fingerprintOf) => print({ ...input, body: one }) === print({ ...input, body: other })
        expect(said(fingerprintInWords)).toBe(said(fingerprintOf))
      }),
    )
  })

  it('is no longer than a few words, whatever was sent', () => {
    expect(fingerprintInWords(input)).toContain('"leadId":"lead-1"')
    const long = { ...input, body: { note: 'é'.repeat(120) } }
    expect(fingerprintInWords(long)).toBe(fingerprintOf(long))
  })

  it('is of a version that is known, so that another body never passes for it', () => {
    expect(isForeignFingerprint(fingerprintInWords(input))).toBe(false)
  })
})

describe('comparing fingerprints', () => {
  it('tells another request apart', () => {
    expect(isSameRequest('v1:a', 'v1:a')).toBe(true)
    expect(isSameRequest('v1:a', 'v1:b')).toBe(false)
  })

  it('lets one of an unknown version pass as a match', () => {
    expect(isSameRequest('v2:a', 'v1:b')).toBe(true)
    expect(isForeignFingerprint('v2:a')).toBe(true)
    expect(isForeignFingerprint('v1:a')).toBe(false)
  })
})
