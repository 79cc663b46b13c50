import { describe, expect, it } from '@jest/globals'
import { describeClick, describeState } from './describeClick.js'

const records = { leads: [{ id: 'lead-1', name: 'Anna Kim' }], appointments: [{ id: 'apt-1', title: 'Site visit' }] }

describe('a click in words', () => {
  it.each([
    ['booking.confirm', { appointmentId: 'apt-1' }, 'Confirm Site visit'],
    ['booking.confirm', { appointmentId: 'apt-2' }, 'Confirm an appointment'],
    ['sms.send', { leadId: 'lead-1', message: 'secret' }, 'SMS to Anna Kim'],
    ['lead.updateStatus', { leadId: 'lead-1', status: 'proposal_sent' }, 'Set Anna Kim to Proposal Sent'],
    ['lead.updateStatus', { leadId: 'gone', status: 'on_hold' }, 'Set a lead to on_hold'],
    ['lead.bulkUpdateStatus', { leadIds: Array.from({ length: 1_200 }, String), status: 'won' }, 'Set 1,200 leads to Won'],
    ['lead.bulkUpdateStatus', { leadIds: ['lead-1'], status: 'won' }, 'Set 1 lead to Won'],
    ['deal.approve', undefined, 'deal.approve'],
  ])('%s %j: %s', (action, request, words) => {
    expect(describeClick({ action, request }, records)).toBe(words)
  })
})

describe('how a click stands', () => {
  const standing = { state: 'queued', ambiguous: false, attempts: 0, lastError: null } as const

  it('waits for its turn, for the network, or for the next try', () => {
    expect(describeState(standing, true)).toBe('It waits for its turn.')
    expect(describeState(standing, false)).toBe('It is sent when the network is back.')
    expect(describeState({ ...standing, attempts: 2, ambiguous: true }, true)).toBe(
      'It is tried again by itself. It may have been done already.',
    )
  })

  it('was not done, and why', () => {
    const lastError = { code: 'STATUS_FINAL', message: 'The status is final.', at: 0 }
    expect(describeState({ ...standing, state: 'dead', lastError }, true)).toBe('It was not done. The status is final.')
  })

  it('is never called undone while nobody knows', () => {
    expect(describeState({ ...standing, state: 'unknown' }, true)).toMatch(/^Nobody knows/)
  })
})
