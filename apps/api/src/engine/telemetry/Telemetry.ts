import type { Logger } from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { BreakerChange, BreakerState } from '../../modules/sms/breaker/TwilioCircuitBreaker.js'
import type { SmsEvents } from '../../modules/sms/SmsEvents.js'
import type { IdempotencyEvents } from '../idempotency/idempotency.js'

/** What the API tells its operators: numbers for Prometheus, lines for the log. */
export interface Telemetry {
  readonly registry: Registry
  onRequest(request: { method: string; route: string; status: number | 'aborted'; seconds: number }): void
  onBreakerChange(change: BreakerChange): void
  readonly idempotency: Required<IdempotencyEvents>
  readonly sms: Required<SmsEvents>
}

const BREAKER_STATES: Readonly<Record<BreakerState, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 }

/** Makes one set of metrics; each process has one. */
export function createTelemetry(log: Logger): Telemetry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    onRequest: requestMetrics(registry),
    onBreakerChange: breakerMetrics(registry, log),
    idempotency: idempotencyMetrics(registry, log),
    sms: smsMetrics(registry, log),
  }
}

function requestMetrics(registry: Registry): Telemetry['onRequest'] {
  const labelNames = ['method', 'route', 'status'] as const
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  return ({ method, route, status, seconds: took }) => seconds.observe({ method, route, status }, took)
}

function breakerMetrics(registry: Registry, log: Logger): Telemetry['onBreakerChange'] {
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

function idempotencyMetrics(registry: Registry, log: Logger): Telemetry['idempotency'] {
  const arrivals = new Counter({
    name: 'idempotency_arrivals_total',
    help: 'Requests with an idempotency key, by what answered them.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const errors = new Counter({
    name: 'idempotency_store_errors_total',
    help: 'Failed commands of the fast store. The ledger decides without it.',
    labelNames: ['verb'],
    registers: [registry],
  })
  const foreign = new Counter({
    name: 'idempotency_foreign_fingerprints_total',
    help: 'Stored fingerprints of an unknown version, which counted as a match.',
    registers: [registry],
  })
  return {
    onArrival: (outcome) => arrivals.inc({ outcome }),
    // At debug: with Redis down there is one for every request, and the connection logs its own loss once.
    onStoreError: (verb, err) => {
      errors.inc({ verb })
      log.debug({ err, verb }, 'the fast store failed; the ledger alone decides')
    },
    onForeignFingerprint: () => {
      foreign.inc()
      log.warn('a stored fingerprint is of an unknown version; it counted as a match')
    },
  }
}

function smsMetrics(registry: Registry, log: Logger): Telemetry['sms'] {
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
  return {
    onVerdict: (smsId, verdict) => {
      verdicts.inc({ verdict: verdict.kind })
      const fields = { smsId, verdict: verdict.kind, ...('errorCode' in verdict ? { errorCode: verdict.errorCode } : {}) }
      if (verdict.breaker === 'isolate') log.error(fields, 'ALERT: Twilio refuses our credentials; SMS wait until they are corrected')
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
    onTaskError: (task, err) => {
      trouble.inc({ kind: 'task-failed' })
      log.warn({ err, task }, 'a background task failed and will be repeated')
    },
  }
}
