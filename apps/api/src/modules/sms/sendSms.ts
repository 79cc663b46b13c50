import type { RequestOf, smsSend } from '@org/contracts'
import type { Database } from '../../engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from '../../engine/ledger/ActionCall.js'
import { claimsOf } from '../../engine/ledger/callSettings.js'
import { runAction } from '../../engine/ledger/runAction.js'
import { currentTraceparent } from '../../engine/telemetry/spans.js'
import type { PhoneNormaliser } from './PhoneNormaliser.js'

/**
 * Takes an SMS over for sending: 202 while it is on its way (`ref` is the SMS's id; hand it to the
 * dispatcher, then ask `findAnswer` for the final answer), or what is already known. Once the row is
 * written the server alone owns the SMS, whatever happens to the request.
 */
export async function sendSms(
  { database, toE164 }: { database: Database; toE164: PhoneNormaliser },
  call: ActionCall<RequestOf<typeof smsSend>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  const phone = await phoneOf(database, call)
  const to = phone === null ? null : toE164(phone)
  // The function refuses when the lead's phone is not the one that was normalised here.
  return runAction(database, {
    effect: 'send_sms',
    call: { ...call, request: { ...call.request, phone, to, traceparent: currentTraceparent() } },
    options,
  })
}

async function phoneOf(database: Database, { caller, request }: ActionCall<RequestOf<typeof smsSend>>): Promise<string | null> {
  const [lead] = await database.query<{ phone: string | null }>('select phone from sync.find_lead($1, $2, $3)', [
    caller.tenant,
    request.leadId,
    claimsOf({ caller }),
  ])
  return lead?.phone ?? null
}
