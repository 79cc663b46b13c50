import { column, smsAnswerSchema } from '#rows'
import * as z from '#z'
import { idSchema, visibleTextSchema } from '../id.js'
import { LIMITS } from '../limits.js'
import type { SmsMessageView, SmsState } from '../rows/smsMessage.js'
import type { StandardSchema } from '../StandardSchema.js'
import { declareAction, rowIn } from './defineAction.js'

const HOUR_MS = 60 * 60 * 1_000
/** Before the carrier, or on the way to it: what comes of that is soon known. */
const UNTRIED: readonly unknown[] = ['pending', 'sending'] satisfies SmsState[]

export interface SmsSendAnswer {
  success: true
  sms: SmsMessageView
  /** True: the same text to the same number was on its way or had just been sent, so this is that SMS and no second one. */
  duplicate?: boolean | undefined
  /** With `duplicate`: who had sent it. */
  sentBy?: string | undefined
}

const responseSchema: StandardSchema<unknown, SmsSendAnswer> = z.looseObject({
  success: z.literal(true),
  sms: smsAnswerSchema,
  duplicate: column(z.optional(z.boolean())),
  sentBy: column(z.optional(z.string())),
})

export const smsSend = declareAction({
  name: 'sms.send',
  path: '/api/leads/send-sms',
  requestSchema: z.strictObject({
    leadId: idSchema,
    message: visibleTextSchema(LIMITS.smsLength),
    templateId: z.optional(idSchema),
    /** The same text to the same lead is meant once more, although it was sent a moment ago. */
    again: z.optional(z.boolean()),
  }),
  responseSchema,
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
