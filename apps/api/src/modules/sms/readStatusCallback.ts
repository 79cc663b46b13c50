import { idSchema } from '@org/contracts'
import * as z from 'zod'
import type { SmsOutbox } from './SmsOutbox.js'

const LARGEST_INTEGER = 2 ** 31 - 1

const attemptSchema = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)
  .pipe(z.number().min(1).max(LARGEST_INTEGER))

const errorCodeSchema = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)
  .pipe(z.number().max(LARGEST_INTEGER))

const callbackSchema = z.object({
  id: idSchema,
  attempt: attemptSchema,
  sid: z.string().regex(/^[A-Za-z0-9]{2,64}$/),
  status: z.string().regex(/^[a-z_-]{1,32}$/),
  // How an SMS ended is worth more than why: a reason that cannot be read does not make its status unreadable.
  errorCode: errorCodeSchema.nullable().catch(null),
})

/** The fields of a signed status callback: `mid` and `attempt` from the address, the others from the form. */
export interface StatusCallbackFields {
  id: unknown
  attempt: unknown
  form: Readonly<Record<string, unknown>>
}

/** Reads what Twilio says of one attempt; null when it names none of ours, or makes no sense. Pure. */
export function readStatusCallback({ id, attempt, form }: StatusCallbackFields): Parameters<SmsOutbox['applyStatus']>[0] | null {
  const { MessageSid: sid, MessageStatus: status, ErrorCode: errorCode = null } = form
  const read = callbackSchema.safeParse({ id, attempt, sid, status, errorCode })
  return read.success ? read.data : null
}
