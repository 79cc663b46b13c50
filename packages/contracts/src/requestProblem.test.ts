import { expect, it } from '@jest/globals'
import { bookingConfirm } from './actions/bookingConfirm.js'
import type { AnyAction } from './actions/defineAction.js'
import { leadBulkUpdateStatus } from './actions/leadBulkUpdateStatus.js'
import { leadUpdateStatus } from './actions/leadUpdateStatus.js'
import { smsSend } from './actions/smsSend.js'
import { check } from './check.js'
import { problemOf, problemText } from './requestProblem.js'

function said(action: AnyAction, request: unknown): string | undefined {
  const [issue] = check(action.requestSchema, request).issues ?? []
  return issue && problemText(problemOf(issue, request), action.words)
}

const sms = (message: unknown) => ({ leadId: 'lead-1', message })

it.each<[AnyAction, unknown, string | undefined]>([
  [smsSend, sms('x'.repeat(2_000)), 'An SMS can hold at most 1,600 characters; this one has 2,000.'],
  [smsSend, sms('😀'.repeat(1_601)), 'An SMS can hold at most 1,600 characters; this one has 1,601.'],
  [smsSend, sms('😀'.repeat(1_600)), undefined],
  [smsSend, sms(''), 'Write a message first.'],
  [smsSend, sms(undefined), 'Write a message first.'],
  [smsSend, sms(' \n\t\u00a0'), 'Write a message first.'],
  [smsSend, sms('\u200b\u200b'), 'Write a message first.'],
  [smsSend, sms('\u2060\ufeff\u00ad\u3164\u2800\u200d\ufe0f\u202e'), 'Write a message first.'],
  [smsSend, sms('\u200bHi'), undefined],
  [smsSend, sms('👩\u200d👩\u200d👧'), undefined],
  [smsSend, { message: 'Hi' }, '"leadId" is missing, so nothing was sent.'],
  [smsSend, sms('half \ud83d'), '"message" is not valid, so nothing was sent.'],
  [smsSend, null, 'The request is missing, so nothing was sent.'],
  [
    bookingConfirm,
    { appointmentId: 'apt-1', notes: 'x'.repeat(2_001) },
    '"notes" can hold at most 2,000; this one has 2,001. Nothing was sent.',
  ],
  [bookingConfirm, { appointmentId: 'apt-1', admin: 1 }, 'The request is not valid, so nothing was sent.'],
  [leadUpdateStatus, { leadId: 'lead-1', status: 'x'.repeat(65) }, '"status" can hold at most 64; this one has 65. Nothing was sent.'],
  [leadUpdateStatus, { leadId: 'lead-1', status: 'archived' }, undefined],
  [leadBulkUpdateStatus, { leadIds: [], status: 'won' }, 'Choose at least one lead first.'],
])('says in a sentence for a person what a request lacks (%#)', (action, request, sentence) => {
  expect(said(action, request)).toBe(sentence)
})
