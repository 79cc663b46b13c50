import type { Logger } from 'pino'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { ReplayEvents } from '../replay/AnswerOnce.js'
import { createHashId, type HashId } from './hashId.js'

/** What the API tells its operators: numbers for Prometheus, lines for the log. */
export interface Telemetry {
  readonly registry: Registry
  /** How the log names organisations and people. */
  readonly hashId: HashId
  /** `code`: of a refusal; null for an answer without one. */
  onRequest(request: { method: string; route: string; status: number | 'aborted'; code: string | null; seconds: number }): void
  onTaskError(task: string, error: unknown): void
  /** An answer that came after another had been given. */
  onLateAnswer(error?: unknown): void
  readonly replay: Required<ReplayEvents>
  /** A stored fingerprint is of a version this code does not know. */
  onForeignFingerprint(): void
  /** A rule of the team's database (a constraint, a trigger, a policy) refused an effect: `reason` says which. */
  onEffectRefused(refused: { action: string; reason: string }): void
}

/** Makes one set of metrics; each process has one. @param logHashKey as in `createHashId` */
export function createTelemetry(log: Logger, logHashKey: string | null = null): Telemetry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    hashId: createHashId(logHashKey),
    onRequest: requestMetrics(registry),
    onTaskError: taskMetrics(registry, log),
    onLateAnswer: lateAnswerMetric(registry, log),
    replay: replayMetrics(registry, log),
    onForeignFingerprint: foreignFingerprintMetric(registry, log),
    onEffectRefused: (refused) => log.warn({ code: 'EFFECT_REFUSED', ...refused }, 'a rule of the database refused an effect'),
  }
}

function requestMetrics(registry: Registry): Telemetry['onRequest'] {
  const labelNames = ['method', 'route', 'status', 'code'] as const
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  return ({ code, seconds: took, ...request }) => seconds.observe(code === null ? request : { ...request, code }, took)
}

function taskMetrics(registry: Registry, log: Logger): Telemetry['onTaskError'] {
  const failures = new Counter({
    name: 'background_failures_total',
    help: 'Turns of a background task that failed and will be repeated.',
    labelNames: ['task'],
    registers: [registry],
  })
  return (task, err) => {
    failures.inc({ task })
    log.warn({ err, task }, 'a background task failed and will be repeated')
  }
}

function lateAnswerMetric(registry: Registry, log: Logger): Telemetry['onLateAnswer'] {
  const late = new Counter({
    name: 'http_late_answers_total',
    help: 'Answers that came after another had been given, and went nowhere: mostly of work that outlived its time limit.',
    registers: [registry],
  })
  return (err) => {
    late.inc()
    if (err !== undefined) log.warn({ err }, 'work that had outlived its time limit failed')
  }
}

function replayMetrics(registry: Registry, log: Logger): Telemetry['replay'] {
  const arrivals = new Counter({
    name: 'idempotency_arrivals_total',
    help: 'Requests with an idempotency key, by what answered them.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const errors = new Counter({
    name: 'replay_cache_errors_total',
    help: 'Failed commands of the replay cache. The ledger answers without it.',
    labelNames: ['verb'],
    registers: [registry],
  })
  return {
    onArrival: (outcome) => arrivals.inc({ outcome }),
    // At debug: with Redis down there is one for every request, and the connection logs its own loss once.
    onCacheError: (verb, err) => {
      errors.inc({ verb })
      log.debug({ err, verb }, 'the replay cache failed; the ledger answers')
    },
  }
}

function foreignFingerprintMetric(registry: Registry, log: Logger): Telemetry['onForeignFingerprint'] {
  const foreign = new Counter({
    name: 'idempotency_foreign_fingerprints_total',
    help: 'Stored fingerprints of an unknown version, which counted as a match.',
    registers: [registry],
  })
  return () => {
    foreign.inc()
    log.warn('a stored fingerprint is of an unknown version; it counted as a match')
  }
}
