import { type AnyAction, check } from '@org/contracts/client'
import { describeError, type Report } from '../telemetry/report.js'

const UNREADABLE = { issues: [{ message: 'It cannot be read.' }] }

/**
 * An action may be a team's own code, and is asked while clicks are shown, sent and written down. Where it throws over an
 * answer that it did not expect, it has said nothing, which is told once: the click itself goes on.
 */
export function guardAction(action: AnyAction, report: Report): AnyAction {
  let isTold = false
  const guarded = <Given extends unknown[], Said>(name: keyof AnyAction, ask: ((...given: Given) => Said) | undefined, instead: Said) =>
    ask &&
    ((...given: Given): Said => {
      try {
        return ask(...given)
      } catch (error) {
        if (!isTold) report('CALLBACK_THREW', { action: action.name, asked: name, error: describeError(error) })
        isTold = true
        return instead
      }
    })
  const { overlays, rows, responseSchema } = action
  const validate = guarded('responseSchema', (answer: unknown) => check(responseSchema, answer), UNREADABLE)
  return {
    ...action,
    overlays: guarded('overlays', (...given) => [...overlays(...given)], []),
    rows: guarded('rows', (...given) => [...rows(...given)], []),
    responseSchema: { '~standard': { ...responseSchema['~standard'], validate } },
    combine: guarded('combine', action.combine, undefined),
    remaining: guarded('remaining', action.remaining, undefined),
    isUntried: guarded('isUntried', action.isUntried, false),
  } as AnyAction
}
