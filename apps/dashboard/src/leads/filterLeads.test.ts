import { describe, expect, it } from '@jest/globals'
import type { LeadRow } from '../data/useRows.js'
import { filterLeads } from './filterLeads.js'

const leads = [
  { id: '1', name: 'Zoë Park', phone: '+15005550101', status: 'new' },
  { id: '2', name: 'Anna Kim', phone: null, status: 'won' },
] as LeadRow[]
const found = (text: string, status = 'all') => filterLeads(leads, { text, status }).map(({ id }) => id)

describe('filtering leads', () => {
  it('lists everyone while nobody is looked for', () => {
    expect(found('')).toEqual(['1', '2'])
  })

  it('finds a part of the name or the phone, in any case', () => {
    expect(found('ZOË')).toEqual(['1'])
    expect(found('0101')).toEqual(['1'])
  })

  it('finds a phone however its groups are typed', () => {
    expect(found('+1 500 555 0101')).toEqual(['1'])
    expect(found('(500) 555-01')).toEqual(['1'])
    expect(found('-')).toEqual([])
  })

  it('keeps to the status asked for', () => {
    expect(found('', 'won')).toEqual(['2'])
    expect(found('zoë', 'won')).toEqual([])
  })
})
