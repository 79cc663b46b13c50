import type { RowsState } from '../data/useRows.js'
import { formatDayAndTime } from '../format/format.js'
import { Notice } from './Notice.js'

/** Says that a list could not be read, or that it is shown as it was seen last. */
export function RowsTrouble({ state, what }: { state: RowsState; what: string }) {
  if (state.status === 'remembered')
    return (
      <p className="badge rows-remembered" data-tone="warn">
        As of {formatDayAndTime(new Date(state.rememberedAt).toISOString())}: the server cannot be reached just now
      </p>
    )
  if (state.status !== 'error') return null
  return (
    <Notice icon="warning" tone="bad" title={`The ${what} could not be loaded`}>
      <p className="small">{state.reason}</p>
      <button type="button" className="plain-button" onClick={state.reload}>
        Try again
      </button>
    </Notice>
  )
}
