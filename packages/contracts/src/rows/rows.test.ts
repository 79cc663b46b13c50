import { describe, expect, it } from '@jest/globals'
import { aLead, anSmsMessage } from '../testing/builders.js'
import { leadRowSchema, toLeadView } from './lead.js'
import { smsMessageRowSchema, toSmsMessageView } from './smsMessage.js'

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
