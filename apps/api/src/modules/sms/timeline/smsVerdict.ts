import type { Verdict } from '../../../engine/timeline/Timeline.js'
import type { FoundSms } from './FoundSms.js'

/** Whether an SMS went out, is stuck, failed or was sent twice, in a sentence. "Not known" is a word of its own. */
export function smsVerdict(sms: FoundSms): Verdict {
  const { wentOut, text } = standing(sms)
  const sids = [sms.sid, ...sms.extra.map(({ sid }) => sid)].filter((sid) => sid !== null)
  return {
    about: 'sms',
    id: sms.id,
    text: [`SMS ${sms.id}${sms.to_ends === null ? '' : ` to …${sms.to_ends}`}: ${text}`, timesSent(sids, wentOut), meant(sms)]
      .filter(Boolean)
      .join(' '),
    ...{ tenant: sms.tenant, leadId: sms.lead_id, state: sms.state, wentOut, stuck: isStuck(sms), sids },
    ...{
      attempts: sms.attempt,
      clicks: sms.clicks,
      withdrawn: sms.withdrawn,
      errorCode: sms.error_code,
      reason: sms.error_message ?? sms.last_reason,
    },
  }
}

interface Standing {
  wentOut: 'yes' | 'no' | 'not known'
  text: string
}

function standing(sms: FoundSms): Standing {
  const sid = sms.sid ?? 'not known'
  switch (sms.state) {
    case 'pending':
      return { wentOut: 'no', text: waiting(sms) }
    case 'sending':
      return {
        wentOut: 'not known',
        text: `is being handed to Twilio (attempt ${sms.attempt}).${isStuck(sms) ? ` It is overdue: ${NOBODY_WORKS}` : ''}`,
      }
    case 'accepted':
    case 'sent':
      return { wentOut: 'yes', text: `went out ${since(sms)}to Twilio (${sid}), which has not told its end yet.` }
    case 'delivered':
      return { wentOut: 'yes', text: `went out ${since(sms)}and was delivered (${sid}).` }
    case 'undelivered':
      return { wentOut: 'yes', text: `went out ${since(sms)}(${sid}), and the network did not deliver it${why(sms)}.` }
    case 'failed':
      return { wentOut: 'no', text: `did not go out${why(sms)}. Nothing sends it again; a new click does.` }
    case 'expired':
      return { wentOut: 'no', text: 'did not go out: its time was over before it could be sent.' }
    case 'cancelled':
      return { wentOut: 'no', text: 'did not go out: it was withdrawn before it was sent.' }
    case 'indeterminate':
      return { wentOut: 'not known', text: unknown(sms) }
  }
}

const NOBODY_WORKS =
  'no replica works on it. Look whether one runs with MODULES=…,sms and TWILIO_* set, and at the circuit breaker (GET /api/status/sms).'
/** Longer than the slowest turn of a background task, and than a lease that nobody holds any more. */
const OVERDUE_SECONDS = 60

function waiting(sms: FoundSms): string {
  const due = sms.due_at?.toISOString()
  const when = isStuck(sms)
    ? `and is stuck: it was due at ${due ?? 'no time'}, and ${NOBODY_WORKS}`
    : `and is not stuck: the next attempt is due at ${due}.`
  const reason = sms.last_reason === null ? '' : ` The last attempt: ${sms.last_reason}.`
  return `has not gone out yet, ${when}${reason} It is worth sending until ${sms.deadline_at?.toISOString()}.`
}

function unknown(sms: FoundSms): string {
  const begin = `nobody knows whether Twilio has it${sms.last_reason === null ? '' : ` (${sms.last_reason})`}.`
  if (!sms.left_to_person)
    return `${begin} It is looked for in Twilio's list, next at ${sms.due_at?.toISOString() ?? 'no time'}. Nothing is sent blindly.`
  return `${begin} It was looked for in vain: a person decides. Look in Twilio's console by number and time, then org-api sms retry or cancel.`
}

const since = ({ sent_at: at }: FoundSms) => (at === null ? '' : `at ${at.toISOString()} `)

const why = ({ error_code: code, error_message: message }: FoundSms) =>
  code === null && message === null
    ? ''
    : `: ${message ?? 'no reason was given'}${code === null ? '' : ` (${code}, see https://www.twilio.com/docs/api/errors/${code})`}`

function timesSent(sids: readonly string[], wentOut: Standing['wentOut']): string {
  if (sids.length > 1) return `It was sent ${sids.length} times: ${sids.join(', ')}.`
  return wentOut === 'yes' ? 'It was sent once.' : ''
}

const meant = ({ clicks, withdrawn }: FoundSms) =>
  clicks > 1 ? `${clicks} clicks with the same words meant this one SMS.` : withdrawn > 0 ? 'Its click was withdrawn.' : ''

function isStuck({ state, overdue_seconds: overdue, left_to_person: left }: FoundSms): boolean {
  if (left) return true
  return ['pending', 'sending', 'indeterminate'].includes(state) && (overdue === null || overdue > OVERDUE_SECONDS)
}
