import { describe, expect, it } from '@jest/globals'
import { LIMITS } from './limits.js'
import { messageTemplates } from './messageTemplates.js'

const LEAD = { firstName: 'Anna', appointmentDate: 'Monday', appointmentTime: '10am' }

describe('messageTemplates', () => {
  it("writes the guide's confirmation", () => {
    expect(messageTemplates.appointment_confirmation(LEAD)).toBe(
      'Hi Anna, your appointment is confirmed for Monday at 10am. Reply CONFIRM to confirm or CHANGE to change it.',
    )
  })

  it('never writes "undefined" into an SMS', () => {
    expect(() => messageTemplates.appointment_confirmation({ firstName: 'Anna' })).toThrow(/appointmentDate/)
    expect(() => messageTemplates.follow_up({ firstName: '' })).toThrow(/firstName/)
  })

  it.each(Object.entries(messageTemplates))('%s fits into one request', (_, template) => {
    expect(template(LEAD).length).toBeLessThanOrEqual(LIMITS.smsLength)
  })
})
