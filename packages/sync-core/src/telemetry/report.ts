import type { Clock } from '../ports/Clock.js'
import type { Detail, DiagnosticCode, Telemetry } from '../ports/Telemetry.js'
import { inTime } from '../retry/inTime.js'

/** Tells the host about trouble that is nobody's mutation. */
export interface Report {
  /** In the words that are kept for that code; of `detail` they are made. */
  (code: DiagnosticCode, detail?: Detail): void
  /** In words of the room's own, which is loaded on demand itself. */
  (code: DiagnosticCode, message: string, detail?: Detail): void
}

/** What a diagnostic says to whoever builds the page; never rejects. */
export type Explain = (code: DiagnosticCode, detail?: Detail) => Promise<string>

/** Loads the words of diagnostics: no click and no state of one needs them, so a page has them once there is something to tell. */
export type LoadExplanations = () => Promise<{ explain: (code: DiagnosticCode, detail: Detail) => string }>

/** Whoever is told without them finds them in the README. */
const LOAD_LIMIT_MS = 2_000

export function createExplain(load: LoadExplanations, clock: Clock): Explain {
  return async (code, detail = {}) => {
    try {
      return (await inTime(load(), clock, LOAD_LIMIT_MS)).explain(code, detail)
    } catch {
      return `${code} (see "Diagnostic codes" in the README of @org/sync-core) ${Object.values(detail).join(', ')}`
    }
  }
}

/** @param telemetry never throws */
export function createReport({ telemetry, clock, explain }: { telemetry: Telemetry; clock: Clock; explain: Explain }): Report {
  return (code, given?: string | Detail, more?: Detail) => {
    const at = clock.now()
    const detail = typeof given === 'string' ? more : given
    const tell = (message: string) => telemetry({ type: 'diagnostic', code, message, at, ...(detail === undefined ? {} : { detail }) })
    if (typeof given === 'string') tell(given)
    else void explain(code, detail).then(tell)
  }
}

/** What an error says, for a diagnostic; never its stack. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no Error was thrown'
}
