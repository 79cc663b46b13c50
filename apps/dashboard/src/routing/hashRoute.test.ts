import { describe, expect, it } from '@jest/globals'
import { hrefOf, parseRoute } from './hashRoute.js'

describe('the address of a view', () => {
  it.each(['', '#', '#appointments', '#anything-else'])('%j opens the appointments', (hash) => {
    expect(parseRoute(hash)).toEqual({ tab: 'appointments' })
  })

  it.each(['lead-123', 'a/b', 'ü %'])('leads back to the card of %j', (leadId) => {
    expect(parseRoute(hrefOf({ tab: 'leads', leadId }))).toEqual({ tab: 'leads', leadId })
  })

  it('leads to a pattern, and to the first one where none or an unknown one is named', () => {
    expect(parseRoute(hrefOf({ tab: 'patterns', name: 'offline' }))).toEqual({ tab: 'patterns', name: 'offline' })
    for (const hash of ['#patterns', '#patterns/', '#patterns/anything'])
      expect(parseRoute(hash)).toEqual({ tab: 'patterns', name: 'campaign' })
  })

  it('leads to what happens under the hood', () => {
    expect(parseRoute(hrefOf({ tab: 'sync' }))).toEqual({ tab: 'sync' })
  })

  it('opens the table without a card', () => {
    expect(parseRoute(hrefOf({ tab: 'leads', leadId: null }))).toEqual({ tab: 'leads', leadId: null })
  })

  it('survives a hand-typed percent sign', () => {
    expect(parseRoute('#leads/%')).toEqual({ tab: 'leads', leadId: null })
  })
})
