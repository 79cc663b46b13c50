import type { AnyAction } from '@org/contracts/client'
import { describeError, type Report } from '../telemetry/report.js'

/**
 * An action may be a team's own code, and is asked for rows while clicks are written down and shown. Where it throws over an
 * answer that it did not expect, it names none, which is told once: the click itself goes on.
 */
export function guardAction(action: AnyAction, report: Report): AnyAction {
  let isTold = false
  const guarded =
    <Given extends unknown[], Item>(name: string, ask: (...given: Given) => readonly Item[]) =>
    (...given: Given): readonly Item[] => {
      try {
        return [...ask(...given)]
      } catch (error) {
        if (!isTold) report('CALLBACK_THREW', { action: action.name, asked: name, error: describeError(error) })
        isTold = true
        return []
      }
    }
  return { ...action, overlays: guarded('overlays', action.overlays), rows: guarded('rows', action.rows) }
}
