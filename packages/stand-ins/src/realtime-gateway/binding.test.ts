import { describe, expect, it } from '@jest/globals'
import { aChange, aDeletion } from '../../test/harness/FakeFeed.js'
import { bindingId, bindingMatches, echoBinding, parseBinding } from './binding.js'

const LEADS = { event: '*', schema: 'public', table: 'leads' }

function binding(params: Record<string, unknown>) {
  const parsed = parseBinding(params, ['leads', 'appointments'])
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.binding
}

describe('a binding’s id', () => {
  it('is the same for the same parameters in any order, and another for others', () => {
    expect(bindingId({ table: 'leads', schema: 'public', event: '*' })).toBe(bindingId(LEADS))
    expect(bindingId({ ...LEADS, filter: 'id=eq.1' })).not.toBe(bindingId(LEADS))
    expect(bindingId({ ...LEADS, event: 'INSERT' })).not.toBe(bindingId(LEADS))
  })

  it('is a whole number above 0', () => {
    const ids = Array.from({ length: 500 }, (_, index) => bindingId({ ...LEADS, filter: `id=eq.${index}` }))
    expect(ids.every((id) => Number.isInteger(id) && id > 0)).toBe(true)
    expect(new Set(ids).size).toBe(500)
  })

  it('comes back beside the parameters as they were asked', () => {
    expect(echoBinding({ ...LEADS, filter: undefined })).toEqual({ ...LEADS, id: expect.any(Number) })
  })
})

describe('what a binding asks for', () => {
  it.each([
    [LEADS, true],
    [{ event: 'UPDATE', schema: 'public', table: 'leads' }, true],
    [{ event: 'INSERT', schema: 'public', table: 'leads' }, false],
    [{ event: '*', schema: 'public', table: 'appointments' }, false],
    [{ event: '*', schema: 'public' }, true],
    [{ event: '*', schema: '*' }, true],
    [{ event: '*', table: 'leads' }, true],
    [{ ...LEADS, filter: 'id=eq.lead-123' }, true],
    [{ ...LEADS, filter: 'status=eq.won' }, false],
  ])('%j and an updated lead: %s', (params, expected) => {
    expect(bindingMatches(binding(params), aChange())).toBe(expected)
  })

  it('sees of a deleted row its key alone', () => {
    expect(bindingMatches(binding(LEADS), aDeletion())).toBe(true)
    expect(bindingMatches(binding({ ...LEADS, filter: 'id=eq.lead-123' }), aDeletion())).toBe(true)
    expect(bindingMatches(binding({ ...LEADS, filter: 'status=eq.new' }), aDeletion())).toBe(false)
  })

  it.each([
    [{}, 'at least a `schema` or `table`'],
    [{ event: '*', schema: 'public', table: 'secrets' }, 'Please check Realtime is enabled'],
    [{ event: '*', schema: 'sync', table: 'ledger' }, 'Please check Realtime is enabled'],
    [{ event: '*', schema: 'public', table: 7 }, 'Please check Realtime is enabled'],
    [{ ...LEADS, filter: 'id=foo.1' }, 'Error parsing `filter` params'],
  ])('%j is refused', (params, reason) => {
    expect(parseBinding(params, ['leads'])).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  })
})
