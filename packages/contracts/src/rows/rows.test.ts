import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { aLead, anSmsMessage } from '../testing/builders.js'
import * as checked from './checkedRows.js'
import * as documented from './documentedRows.js'
import { leadRowSchema, smsMessageRowSchema } from './documentedRows.js'
import { toLeadView } from './lead.js'
import { toSmsMessageView } from './smsMessage.js'

describe('toLeadView', () => {
  it("adds the guide's first name", () => {
    expect(toLeadView(aLead({ name: '  Anna Maria Kim ' })).firstName).toBe('Anna')
  })

  it('shows who wrote the row by name where the host knows it, else by id', () => {
    const row = aLead({ updated_by: 'user-456' })
    expect(toLeadView(row, () => 'Ana').updatedBy).toBe('Ana')
    expect(toLeadView(row, () => undefined).updatedBy).toBe('user-456')
    expect(toLeadView(aLead()).updatedBy).toBeNull()
  })
})

describe('toSmsMessageView', () => {
  it('shows the time of the click until the carrier has it', () => {
    const row = anSmsMessage({ created_at: '2026-01-15T10:30:00.000Z' })
    expect(toSmsMessageView(row).sentAt).toBe(row.created_at)
    expect(toSmsMessageView({ ...row, sent_at: '2026-01-15T10:31:00.000Z' }).sentAt).toBe('2026-01-15T10:31:00.000Z')
  })
})

describe('row schemas', () => {
  it('keep columns a newer database added', () => {
    expect(leadRowSchema.parse({ ...aLead(), score: 7 })).toHaveProperty('score', 7)
  })

  it('read a state nobody here knows, and columns a mapped table lacks or has in its own way', () => {
    expect(smsMessageRowSchema.safeParse({ ...anSmsMessage(), state: 'flying', status: 'read' }).success).toBe(true)
    expect(leadRowSchema.safeParse({ id: '17', stage: 3, status: 2 }).success).toBe(true)
    expect(toLeadView(leadRowSchema.parse({ id: '17' })).firstName).toBe('')
  })

  it.each([{}, { id: 7 }, { id: 'lead-1', version: '3' }, { id: 'lead-1', version: Number.NaN }, null, []])(
    'refuse %p, which no store could merge',
    (row) => {
      expect(leadRowSchema.safeParse(row).success).toBe(false)
    },
  )
})

describe('what a browser checks of a row', () => {
  const pairs = [
    ['appointments', checked.appointmentRowSchema, documented.appointmentRowSchema, documented.appointmentColumns],
    ['leads', checked.leadRowSchema, documented.leadRowSchema, documented.leadColumns],
    ['sms_messages', checked.smsMessageRowSchema, documented.smsMessageRowSchema, documented.smsMessageColumns],
    ['sms answers', checked.smsAnswerSchema, documented.smsAnswerSchema, documented.smsAnswerColumns],
  ] as const

  it.each(pairs)('takes and refuses the same %s as the documented columns', (_name, own, whole, columns) => {
    const field = fc.constantFrom('id', 'version', ...Object.keys(columns), 'unheard_of')
    const value = fc.oneof(fc.string(), fc.double(), fc.constantFrom(null, undefined, true, 1, 'lead-1'), fc.array(fc.nat()))
    const row = fc.oneof(
      fc.dictionary(field, value),
      fc.dictionary(field, value).map((fields) => ({ ...fields, id: 'lead-1', version: 2 })),
      value,
    )
    fc.assert(
      fc.property(row, (given) => {
        const [ours, theirs] = [own.safeParse(given), whole.safeParse(given)]
        expect({ success: ours.success, data: ours.data }).toEqual({ success: theirs.success, data: theirs.data })
      }),
      { numRuns: 500, seed: 20_261_130 },
    )
  })
})
