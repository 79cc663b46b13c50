import { expect, it } from '@jest/globals'
import { bookingConfirm, check, leadBulkUpdateStatus, leadUpdateStatus, type StandardSchema, smsSend } from '@org/contracts'
import * as z from 'zod/mini'
import { describeIssue, type Issue } from './describeIssue.js'

function said(schema: StandardSchema<unknown, unknown>, request: unknown): string {
  const { issues } = check(schema, request)
  return describeIssue(issues?.[0] as Issue, request)
}

const sms = smsSend.requestSchema
const status = leadUpdateStatus.requestSchema
const bulk = leadBulkUpdateStatus.requestSchema
const booking = bookingConfirm.requestSchema

it.each<[StandardSchema<unknown, unknown>, unknown, string]>([
  [sms, { leadId: 'lead-1', message: '' }, '"message" must not be empty'],
  [sms, { leadId: 'lead-1', message: '  ' }, '"message" must not be blank'],
  [sms, { leadId: 'lead-1' }, '"message" is missing; it must be text'],
  [sms, { leadId: 'lead-1', message: 5 }, '"message" must be text'],
  [sms, { leadId: 'lead-1', message: 'x'.repeat(1_601) }, '"message" must have at most 1600 characters; shorten it'],
  [sms, { leadId: '', message: 'Hi' }, '"leadId" must not be empty'],
  [status, { leadId: null, status: 'won' }, '"leadId" must be text'],
  [status, { leadId: 'lead-1', status: 'x'.repeat(65) }, '"status" must have at most 64 characters; shorten it'],
  [status, { leadId: 'lead-1', status: 'won', expectedVersion: 1.5 }, '"expectedVersion" must be a whole number'],
  [status, { leadId: 'lead-1', status: 'won', expectedVersion: -1 }, '"expectedVersion" must be at least 0'],
  [status, { leadId: 'lead-1', status: 'won', expectedVersion: 1e300 }, '"expectedVersion" must be at most 9007199254740991'],
  [bulk, { leadIds: [], status: 'won' }, '"leadIds" must not be an empty list'],
  [bulk, { leadIds: 'lead-1', status: 'won' }, '"leadIds" must be a list'],
  [bulk, { leadIds: [['lead-1']], status: 'won' }, '"leadIds.0" must be text'],
  [
    bulk,
    { leadIds: Array.from({ length: 1_001 }, (_, n) => `lead-${n}`), status: 'won' },
    '"leadIds" must have at most 1000 entries; send the others in another request',
  ],
  [booking, { appointmentId: 'apt-1', admin: 1 }, 'The request holds fields that this action does not take ("admin"); leave them out'],
  [
    z.strictObject({ at: z.string().check(z.minLength(8, 'must be a date such as 2026-11-22.')) }),
    { at: '1' },
    '"at" must be a date such as 2026-11-22',
  ],
  [z.strictObject({ at: z.email() }), { at: 'nowhere' }, '"at" is not valid'],
])('says what is wrong with a request, in a sentence for people (%#)', (schema, request, sentence) => {
  expect(said(schema, request)).toBe(`${sentence}. Nothing was changed.`)
})

it('names each rule of the built-in actions without zod’s own words or the value', () => {
  const values = ['', 'secret\u0000', 'x'.repeat(5_000), '\ud800', 7, -7, 1e300, true, null, undefined, [], [''], {}, { secret: 1 }]
  for (const { requestSchema } of [bookingConfirm, smsSend, leadUpdateStatus, leadBulkUpdateStatus]) {
    for (const field of ['appointmentId', 'leadId', 'leadIds', 'status', 'message', 'notes', 'expectedVersion', 'templateId', 'other']) {
      for (const value of values) {
        const sentence = said(requestSchema, { [field]: value })
        expect(sentence).not.toMatch(/expected|received|Too |Invalid|secret|xxx|undefined/)
      }
    }
  }
})
