import type { Logger } from 'pino'
import type { SmsEvents } from '../sms/SmsEvents.js'

/** Tells the log what happens to SMS. Rows are named by id; numbers and texts never appear. */
export function smsEvents(log: Logger): SmsEvents {
  return {
    onVerdict: (smsId, verdict) => {
      const fields = { smsId, verdict: verdict.kind, ...('errorCode' in verdict ? { errorCode: verdict.errorCode } : {}) }
      if (verdict.breaker === 'isolate') log.error(fields, 'Twilio refuses our credentials: SMS wait until they are corrected')
      else if (verdict.kind === 'accepted') log.debug(fields, 'SMS accepted')
      else log.warn(fields, 'SMS not accepted')
    },
    onLeaseTooShort: (smsId) => log.warn({ smsId }, 'SMS not attempted: too little of the lease was left'),
    onLeaseLost: (smsId, verdict) => log.warn({ smsId, verdict: verdict.kind }, 'SMS outcome could not be written: the lease was lost'),
    onSecondSid: (smsId) => log.error({ smsId }, 'ALERT: one SMS was accepted twice by the carrier'),
    onReconciled: (smsId, outcome) => log.info({ smsId, outcome }, 'SMS looked up at the carrier'),
    onLoopError: (err) => log.warn({ err }, 'SMS loop: a turn failed and will be repeated'),
  }
}
