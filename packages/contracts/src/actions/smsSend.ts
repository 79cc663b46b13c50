import { smsAnswerSchema } from '#rows'
import * as z from '#z'
import { idSchema, visibleTextSchema } from '../id.js'
import { LIMITS } from '../limits.js'
import type { SmsState } from '../rows/smsMessage.js'
import { defineAction, rowIn } from './defineAction.js'

const HOUR_MS = 60 * 60 * 1_000
/** Before the carrier, or on the way to it: what comes of that is soon known. */
const UNTRIED: readonly unknown[] = ['pending', 'sending'] satisfies SmsState[]

export const smsSend = defineAction({
  name: 'sms.send',
  path: '/api/leads/send-sms',
  requestSchema: z.strictObject({
    leadId: idSchema,
    message: visibleTextSchema(LIMITS.smsLength),
    templateId: z.optional(idSchema),
  }),
  responseSchema: z.looseObject({ success: z.literal(true), sms: smsAnswerSchema }),
  words: ({ field, kind, limit, size }) => {
    if (field !== 'message' || kind === 'invalid') return undefined
    if (kind === 'missing') return 'Write a message first.'
    const [most, has] = [limit, size].map((characters) => characters.toLocaleString('en-US'))
    return `An SMS can hold at most ${most} characters; this one has ${has}.`
  },
  lanes: (request) => [`lead:${request.leadId}:sms`],
  overlays: () => [],
  rows: (response) => rowIn(response, 'sms', 'sms_messages'),
  ttlMs: 4 * HOUR_MS,
  keyRequired: true,
  duplicateWindowMs: LIMITS.duplicateSmsWindowMs,
  isUntried: (answer) => UNTRIED.includes((answer as { sms?: { state?: unknown } } | null)?.sms?.state),
  refusals: ['NOT_FOUND', 'PHONE_INVALID', 'OPTED_OUT', 'SMS_REJECTED', 'CIRCUIT_BREAKER_OPEN'],
})
