import { describe, expect, it } from '@jest/globals'
import { activeFaults, WORKING } from './faultPlan.js'

describe('counting faults', () => {
  it('finds none when everything works', () => {
    expect(activeFaults(WORKING)).toBe(0)
  })

  it('counts Twilio once and each realtime fault', () => {
    expect(activeFaults({ twilio: { mode: 'refused' }, realtime: { dropRate: 0.5, delayMs: 0, silent: true } })).toBe(3)
  })
})
