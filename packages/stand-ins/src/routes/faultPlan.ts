import * as z from 'zod'
import { type RealtimeFaults, realtimeFaultsSchema } from '../realtime-gateway/realtimeFaults.js'
import { type TwilioFaults, twilioFaultsSchema } from '../twilio-simulator/twilioFaults.js'

/** A fault plan as PUT /_stand-ins/faults takes it. Unknown fields are refused, so that a typo is no silent "ok". */
export const faultPlanSchema = z.strictObject({
  twilio: twilioFaultsSchema.optional(),
  realtime: realtimeFaultsSchema.optional(),
})
export type FaultPlanInput = z.infer<typeof faultPlanSchema>

/** The whole plan with its defaults. */
export interface FaultPlan {
  twilio: TwilioFaults
  realtime: RealtimeFaults
}

/** Says which fields of a request are wrong and why, in one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ')
}
