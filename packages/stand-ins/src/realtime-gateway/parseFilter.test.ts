import { describe, expect, it } from '@jest/globals'
import { postgresChangesFilter } from '@supabase/supabase-js'
import { parseFilter } from './parseFilter.js'
import { passesFilter } from './passesFilter.js'

const ROW = {
  id: 'lead-123',
  name: 'Anna Kim',
  version: 10,
  phone: null,
  vip: true,
  updated_at: '2026-01-15T10:30:00.000Z',
  note: 'a,b (c) "d" \\e',
}

function passes(filter: string, row: Record<string, unknown> = ROW): boolean {
  const parsed = parseFilter(filter)
  if (!parsed.ok) throw new Error(parsed.reason)
  return passesFilter(row, parsed.conditions)
}

describe('a filter on the new row', () => {
  it.each([
    ['', true],
    ['  ', true],
    ['id=eq.lead-123', true],
    ['id=eq.lead-124', false],
    ['id=neq.lead-124', true],
    ['version=eq.10', true],
    ['version=lt.9', false],
    // As numbers: "10" would sort before "9".
    ['version=gt.9', true],
    ['version=gte.10', true],
    ['version=lte.10', true],
    ['version=lt.10', false],
    ['version=eq.ten', false],
    ['updated_at=gt.2026-01-15T11:00:00+02:00', true],
    ['updated_at=lt.2026-01-15T11:00:00+02:00', false],
    ['vip=eq.true', true],
    ['vip=eq.f', false],
    ['id=in.(lead-1,lead-123)', true],
    ['id=in.(lead-1,lead-2)', false],
    ['id=in.("lead-123")', true],
    ['version=in.(9,10)', true],
    ['name=like.Anna%', true],
    ['name=like.anna%', false],
    ['name=ilike.anna%', true],
    ['name=like.A__a%', true],
    ['name=like.A.*', false],
    ['phone=is.null', true],
    ['name=is.null', false],
    ['vip=is.true', true],
    ['vip=is.false', false],
    ['phone=isdistinct.x', true],
    ['id=isdistinct.lead-123', false],
    ['version=not.eq.10', false],
    ['phone=not.is.null', false],
    ['id=not.in.(lead-1)', true],
    ['id=eq.lead-123,version=gt.9', true],
    ['id=eq.lead-123,version=gt.10', false],
    // Null compares with nothing, not even when negated.
    ['phone=eq.x', false],
    ['phone=neq.x', false],
    ['phone=not.eq.x', false],
    // A column the row has not.
    ['color=neq.blue', false],
  ])('%s: %s', (filter, expected) => {
    expect(passes(filter)).toBe(expected)
  })

  it.each([
    ['undefined', '["undefined"]'],
    ['id=foo.bar', '["foo","bar"]'],
    ['id=eq.1,,version=eq.2', 'empty segments'],
    ['id=eq.1,', 'empty segments'],
    ['id=in.lead-1', 'wrapped by parentheses'],
    ['phone=is.nothing', 'must be null, true, false, or unknown'],
    ['name=match.^(a+)+$', 'has no match'],
    ['name=not.imatch.^(a+)+$', 'has no imatch'],
  ])('refuses %s', (filter, reason) => {
    expect(parseFilter(filter)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  })

  it('reads what the client’s own builder writes, reserved characters included', () => {
    const note = ROW.note
    expect(passes(postgresChangesFilter().eq('note', note).gt('version', 9).build())).toBe(true)
    expect(passes(postgresChangesFilter().in('note', ['x,y', note, '(']).build())).toBe(true)
    expect(passes(postgresChangesFilter().not('note', 'in', [note]).build())).toBe(false)
    expect(passes(postgresChangesFilter().neq('note', note).build())).toBe(false)
    expect(passes(postgresChangesFilter().like('name', 'Anna%').is('phone', null).build())).toBe(true)
  })
})
