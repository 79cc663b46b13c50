import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { BreakerChange, BreakerState } from './breaker/TwilioCircuitBreaker.js'
import type { SmsVerdict } from './judgeCarrierAnswer.js'
import type { SmsEvents } from './SmsEvents.js'

/** What the sending of SMS tells operators. */
export interface SmsTelemetry {
  onBreakerChange: (change: BreakerChange) => void
  events: Required<SmsEvents>
}

export interface SmsTelemetryOptions {
  registry: Registry
  log: Logger
  onTaskError: (task: string, error: unknown) => void
}

const BREAKER_STATES: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 }

export function createSmsTelemetry({ registry, log, onTaskError }: SmsTelemetryOptions): SmsTelemetry {
  return { onBreakerChange: breakerMetrics(registry, log), events: { ...smsMetrics(registry, log), onTaskError } }
}

function breakerMetrics(registry: Registry, log: Logger): (change: BreakerChange) => void {
  const state = new Gauge({ name: 'sms_breaker_state', help: '0 closed, 1 half-open, 2 open.', registers: [registry] })
  const changes = new Counter({
    name: 'sms_breaker_changes_total',
    help: 'Changes of the SMS circuit breaker.',
    labelNames: ['state'],
    registers: [registry],
  })
  return (change) => {
    state.set(BREAKER_STATES[change.state])
    changes.inc({ state: change.state })
    log[change.state === 'OPEN' ? 'error' : 'info'](change, 'SMS circuit breaker changed')
  }
}

function smsMetrics(registry: Registry, log: Logger): Omit<Required<SmsEvents>, 'onTaskError'> {
  const verdicts = new Counter({
    name: 'sms_attempts_total',
    help: 'Calls to the carrier by how they ended.',
    labelNames: ['verdict'],
    registers: [registry],
  })
  const segments = new Counter({
    name: 'sms_segments_total',
    help: 'Segments of accepted SMS, which is what they cost.',
    registers: [registry],
  })
  const trouble = new Counter({
    name: 'sms_trouble_total',
    help: 'What should not happen: second-sid needs a person.',
    labelNames: ['kind'],
    registers: [registry],
  })
  const reconciled = new Counter({
    name: 'sms_reconciled_total',
    help: 'Indeterminate SMS looked up at the carrier.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const lookedUp = new Counter({
    name: 'sms_lookups_total',
    help: 'SMS without a final status asked for at the carrier: news, no-news, not-known there, failed.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  return {
    onVerdict: (smsId, verdict) => {
      verdicts.inc({ verdict: verdict.kind })
      const fields = { smsId, verdict: verdict.kind, ...whyOf(verdict) }
      if (verdict.breaker === 'isolate') log.error(fields, 'ALERT: Twilio refuses our account or sender; SMS wait until that is corrected')
      else log[verdict.kind === 'accepted' ? 'debug' : 'warn'](fields, 'SMS attempted')
    },
    onSegments: (count) => segments.inc(count),
    onLeaseTooShort: (smsId) => {
      trouble.inc({ kind: 'lease-too-short' })
      log.warn({ smsId }, 'SMS not attempted: too little of the lease was left')
    },
    onLeaseLost: (smsId, verdict) => {
      trouble.inc({ kind: 'lease-lost' })
      log.warn({ smsId, verdict: verdict.kind }, 'SMS outcome could not be written: the lease was lost')
    },
    onSecondSid: (smsId) => {
      trouble.inc({ kind: 'second-sid' })
      log.error({ smsId }, 'ALERT: the carrier accepted one SMS twice')
    },
    onListingFailed: (smsId, reason) => {
      trouble.inc({ kind: 'listing-failed' })
      log.warn({ smsId, reason }, "the carrier's list could not be read; the SMS will be looked up again")
    },
    onReconciled: (smsId, outcome) => {
      reconciled.inc({ outcome })
      log.info({ smsId, outcome }, 'indeterminate SMS looked up at the carrier')
    },
    onLookedUp: (smsId, outcome, reason) => {
      lookedUp.inc({ outcome })
      const level = outcome === 'failed' || outcome === 'not-known' ? 'warn' : 'debug'
      log[level]({ smsId, outcome, reason }, 'SMS without a final status asked for at the carrier')
    },
  }
}

// What Twilio says of a rejected message may repeat its number, so that is told by its code.
function whyOf(verdict: SmsVerdict): { errorCode: number } | { reason: string } | Record<string, never> {
  if (verdict.kind === 'failed') return { errorCode: verdict.errorCode }
  return verdict.kind === 'accepted' ? {} : { reason: verdict.reason }
}
