import { describe, expect, it } from '@jest/globals'
import { documentTitle } from './documentTitle.js'

const leads = [{ id: 'lead-1', name: 'Anna Kim' }]

describe('the title of a view', () => {
  it('begins with the view', () => {
    expect(documentTitle({ tab: 'appointments' }, leads)).toBe('Appointments · Front desk')
    expect(documentTitle({ tab: 'sync' }, leads)).toBe('Sync · Front desk')
  })

  it('begins with the pattern that is shown', () => {
    expect(documentTitle({ tab: 'patterns', name: 'workflow' }, leads)).toBe('One after the other · Patterns · Front desk')
  })

  it('begins with the lead whose card is open', () => {
    expect(documentTitle({ tab: 'leads', leadId: 'lead-1' }, leads)).toBe('Anna Kim · Leads · Front desk')
  })

  it('names no lead when none is open, or nobody knows it', () => {
    expect(documentTitle({ tab: 'leads', leadId: null }, leads)).toBe('Leads · Front desk')
    expect(documentTitle({ tab: 'leads', leadId: 'lead-2' }, leads)).toBe('Leads · Front desk')
  })
})
