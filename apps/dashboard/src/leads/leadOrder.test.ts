import { describe, expect, it } from '@jest/globals'
import type { LeadRow } from '../data/useRows.js'
import { inOrder, type LeadOrder, orderedBy } from './leadOrder.js'

const lead = (id: string, name: string, status: string, updated_at: string | null) =>
  ({ id, name, status, updated_at }) as unknown as LeadRow
const leads = [
  lead('1', 'Zoë Park', 'won', '2026-11-01T10:00:00Z'),
  lead('2', 'Anna Kim', 'on_hold', null),
  lead('3', 'Émile Roy', 'new', '2026-11-30T10:00:00.5Z'),
  lead('4', 'Anna Kim', 'new', '2026-11-30T10:00:00Z'),
]
const order = (by: LeadOrder['by'], descending = false) => inOrder(leads, { by, descending }).map(({ id }) => id)

describe('the order of leads', () => {
  it('is that of names as people read them, and of ids where names are the same', () => {
    expect(order('name')).toEqual(['2', '4', '3', '1'])
    expect(order('name', true)).toEqual(['1', '3', '2', '4'])
  })

  it('is that in which a lead goes through its statuses, and one that nobody knows is the last', () => {
    expect(order('status')).toEqual(['4', '3', '1', '2'])
  })

  it('is that of the changes, whatever part of a second they name; never changed is the oldest', () => {
    expect(order('changed', true)).toEqual(['3', '4', '1', '2'])
  })

  it('leaves the rows it was given as they are', () => {
    order('name')
    expect(leads.map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
  })
})

describe('a click on the head of a column', () => {
  it('asks for that column from A to Z, or from the newest change; the next one turns it round', () => {
    const byName: LeadOrder = { by: 'name', descending: false }
    expect(orderedBy('status', byName)).toEqual({ by: 'status', descending: false })
    expect(orderedBy('changed', byName)).toEqual({ by: 'changed', descending: true })
    expect(orderedBy('name', byName)).toEqual({ by: 'name', descending: true })
    expect(orderedBy('name', { by: 'name', descending: true })).toEqual(byName)
  })
})
