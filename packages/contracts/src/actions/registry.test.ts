import { describe, expect, it } from '@jest/globals'
import { check, parse } from '../check.js'
import { ERROR_CODES } from '../errorCodes.js'
import { LIMITS } from '../limits.js'
import { aLead, anAppointment, anSmsMessage } from '../testing/builders.js'
import { bookingConfirm } from './bookingConfirm.js'
import { checkDefinition } from './checkDefinition.js'
import { LEDGER_CODES } from './commonCodes.js'
import { leadBulkUpdateStatus } from './leadBulkUpdateStatus.js'
import { leadUpdateStatus } from './leadUpdateStatus.js'
import { ACTIONS, findAction } from './registry.js'
import { smsSend } from './smsSend.js'

const CLICK = { actor: 'user-456', clickedAt: '2026-01-15T10:30:00.000Z' }

describe.each(ACTIONS.map((action) => [action.name, action] as const))('%s', (name, action) => {
  it('is found by its name', () => {
    expect(findAction(name)).toBe(action)
  })

  it('is one that a team could have defined', () => {
    expect(() => checkDefinition(action)).not.toThrow()
  })

  it('lists each refusal once, beside those every action has', () => {
    const codes = [...LEDGER_CODES, ...action.refusals]
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(ERROR_CODES[code].status).toBeGreaterThanOrEqual(400)
  })
})

describe('requests', () => {
  it.each([
    ['booking', bookingConfirm.requestSchema, { appointmentId: 'apt-123', confirmedBy: 'user-456', notes: 'Client confirmed via phone' }],
    ['sms', smsSend.requestSchema, { leadId: 'lead-123', message: 'Hi John', templateId: 'appointment_confirmation' }],
    ['status', leadUpdateStatus.requestSchema, { leadId: 'lead-123', status: 'qualified' }],
    ['bulk', leadBulkUpdateStatus.requestSchema, { leadIds: ['lead-123', 'lead-124'], status: 'contacted' }],
  ])("takes the integration guide's %s body as written", (_, schema, body) => {
    expect(parse<unknown>(schema, body)).toEqual(body)
  })

  it.each([
    ['an unknown field', bookingConfirm.requestSchema, { appointmentId: 'apt-123', force: true }],
    ['an empty id', bookingConfirm.requestSchema, { appointmentId: '' }],
    ['an id of 129 characters', bookingConfirm.requestSchema, { appointmentId: 'x'.repeat(LIMITS.idLength + 1) }],
    ['NUL in an id', leadUpdateStatus.requestSchema, { leadId: 'lead\0', status: 'new' }],
    ['half a surrogate pair', smsSend.requestSchema, { leadId: 'lead-1', message: 'Hi \ud83d' }],
    ['a blank message', smsSend.requestSchema, { leadId: 'lead-1', message: '  \n' }],
    ['a message of 1,601 characters', smsSend.requestSchema, { leadId: 'lead-1', message: 'x'.repeat(LIMITS.smsLength + 1) }],
    ['a status of 65 characters', leadUpdateStatus.requestSchema, { leadId: 'lead-1', status: 'x'.repeat(LIMITS.statusLength + 1) }],
    ['an empty status', leadUpdateStatus.requestSchema, { leadId: 'lead-1', status: '' }],
    ['no leads', leadBulkUpdateStatus.requestSchema, { leadIds: [], status: 'new' }],
    ['1,001 leads', leadBulkUpdateStatus.requestSchema, { leadIds: Array.from({ length: 1_001 }, (_, i) => `lead-${i}`), status: 'new' }],
    ['a version that is no number', leadUpdateStatus.requestSchema, { leadId: 'lead-1', status: 'new', expectedVersion: '3' }],
  ])('refuses %s', (_, schema, body) => {
    expect(check<unknown>(schema, body).issues).not.toEqual([])
  })
})

describe('a blank SMS', () => {
  it('is refused in words a person reads', () => {
    const { issues } = check(smsSend.requestSchema, { leadId: 'lead-123', message: ' \n ' })
    expect(issues?.map(({ message }) => message)).toEqual(['must not be blank'])
  })
})

describe('answers', () => {
  it('accept fields a newer server added', () => {
    const answer = { success: true, appointment: { ...anAppointment(), room: 'B' }, tookMs: 3 }
    expect(parse(bookingConfirm.responseSchema, answer)).toEqual(answer)
  })

  it('hand out their full rows for the store', () => {
    const lead = aLead({ version: 4 })
    expect(leadUpdateStatus.rows({ success: true, lead })).toEqual([{ table: 'leads', row: lead }])
    expect(leadBulkUpdateStatus.rows({ success: false, leads: [lead] })).toEqual([{ table: 'leads', row: lead }])
    expect(smsSend.rows({ sms: anSmsMessage() })).toHaveLength(1)
  })

  it.each([null, undefined, 'text', 7, {}])('of an unexpected shape (%p) hold no rows', (answer) => {
    for (const action of ACTIONS) expect(action.rows(answer)).toEqual([])
  })
})

describe('lanes and overlays', () => {
  it('put single and bulk updates of one lead into the same lane', () => {
    const [single] = leadUpdateStatus.lanes({ leadId: 'lead-1', status: 'won' })
    expect(leadBulkUpdateStatus.lanes({ leadIds: ['lead-1', 'lead-2', 'lead-1'], status: 'won' })).toEqual([single, 'lead:lead-2:status'])
  })

  it('keep an SMS out of the status lane, so that a slow carrier holds no status change', () => {
    expect(smsSend.lanes({ leadId: 'lead-1', message: 'Hi' })).toEqual(['lead:lead-1:sms'])
  })

  it('show a confirmed booking with who and when at once', () => {
    expect(bookingConfirm.overlays({ appointmentId: 'apt-123' }, CLICK)).toEqual([
      { table: 'appointments', id: 'apt-123', patch: { status: 'confirmed', confirmed_at: CLICK.clickedAt, confirmed_by: 'user-456' } },
    ])
  })
})

describe('splitting a bulk update', () => {
  it('makes children of 200 different leads, in order, and loses none', () => {
    const leadIds = Array.from({ length: 450 }, (_, i) => `lead-${i}`)
    const children = leadBulkUpdateStatus.split?.({ leadIds: [...leadIds, 'lead-0'], status: 'contacted' }) ?? []
    expect(children.map((child) => child.leadIds.length)).toEqual([200, 200, 50])
    expect(children.flatMap((child) => child.leadIds)).toEqual(leadIds)
  })
})
