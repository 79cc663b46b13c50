import type { Clock } from '../ports/Clock.js'
import type { DiagnosticCode, Telemetry, TelemetryEvent } from '../ports/Telemetry.js'

type Detail = Extract<TelemetryEvent, { type: 'diagnostic' }>['detail']

/** Tells the host about trouble that is nobody's mutation. */
export type Report = (code: DiagnosticCode, message: string, detail?: Detail) => void

/** A report that never throws: telemetry is somebody else's code and must not break a merge. */
export function createReport({ telemetry, clock }: { telemetry: Telemetry; clock: Clock }): Report {
  return (code, message, detail) => {
    try {
      telemetry({ type: 'diagnostic', code, message, at: clock.now(), ...(detail === undefined ? {} : { detail }) })
    } catch {
      // A throwing telemetry has nowhere to be reported to.
    }
  }
}

/** What an error says, for a diagnostic; never its stack. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no Error was thrown'
}
