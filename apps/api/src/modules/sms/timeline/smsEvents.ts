import type { TimelineEvent } from '../../../engine/timeline/Timeline.js'
import type { FoundSms, Step } from './FoundSms.js'

/** What happened to an SMS, step by step. */
export function smsEvents(sms: FoundSms): TimelineEvent[] {
  const { id, tenant } = sms
  return [
    { at: sms.created_at.toISOString(), kind: 'sms', text: `SMS ${id} was written down, to be sent`, id, tenant, state: 'pending' },
    ...sms.steps.map((step) => ({ ...step, kind: 'sms', text: textOf(id, step), id, tenant, state: step.to })),
    ...sms.extra.map(({ at, sid, attempt }) => ({
      at,
      kind: 'sms.second-sid',
      text: `Twilio reported a second message for SMS ${id}: ${sid} of attempt ${attempt}. It may have arrived twice`,
      ...{ id, tenant, sid, attempt },
    })),
    ...sms.decisions.map(({ at, actor, verb }) => ({ at, kind: verb, text: `${actor} asked for ${verb} of SMS ${id}`, id, tenant, actor })),
  ]
}

const TOLD = {
  callback: 'Twilio called back',
  listing: "Twilio's list says",
  question: 'Twilio, asked, says',
} as const

function textOf(id: string, step: Step): string {
  const { from, to, attempt, toldBy, replica } = step
  const where = replica === null ? '' : `, replica ${replica}`
  const why = [step.reason, step.errorCode === null ? null : `error ${step.errorCode}`].filter((part) => part !== null).join(', ')
  const reason = why === '' ? '' : `: ${why}`
  if (to === 'sending') return `SMS ${id}: attempt ${attempt} begins${where}`
  if (toldBy !== null) return `SMS ${id}: ${TOLD[toldBy]}: ${to}${reason} (attempt ${attempt}${where})`
  if (from === 'sending' && to === 'pending')
    return `SMS ${id}: attempt ${attempt} certainly did not reach Twilio, so it waits${reason}${where}`
  if (from === 'sending' && to === 'indeterminate') return `SMS ${id}: nobody knows how attempt ${attempt} ended${reason}${where}`
  if (from === 'sending') return `SMS ${id}: Twilio's answer to attempt ${attempt}: ${to}${reason}${where}`
  return `SMS ${id}: ${from} became ${to}${reason}${where}`
}
