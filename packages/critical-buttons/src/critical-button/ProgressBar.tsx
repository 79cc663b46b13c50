'use client'
import { isActivePhase } from '../mutation-controller/phase.js'
import type { ButtonModel } from './ButtonModel.js'
import { joinClassNames } from './classNames.js'

/** Rows of a bulk action, or attempts of a single one, while it works. A moving bar would be a lie while it waits. */
export function ProgressBar({ model, className }: { model: ButtonModel; className?: string | undefined }) {
  const { messages, actionMessages, words, snapshot } = model
  const { view } = snapshot
  if (view === undefined || !isActivePhase(view.phase)) return null
  const { processed, total, failed } = view.progress
  const inRows = total > 1
  const text = inRows ? messages.bulkProgress(processed, total, failed) : messages.attempt(Math.max(1, view.attempt), view.maxAttempts)
  // Attempts say nothing about how far one attempt has come, so a single action has no amount.
  const amount = inRows ? { 'aria-valuenow': processed, 'aria-valuemin': 0, 'aria-valuemax': total } : {}
  return (
    <span className={joinClassNames('cb-progress', className)} data-part="progress">
      <span
        role="progressbar"
        aria-label={actionMessages.pending(words)}
        aria-valuetext={text}
        className="cb-progress-track"
        data-part="progress-track"
        data-indeterminate={inRows ? undefined : ''}
        {...amount}
      >
        <span
          className="cb-progress-fill"
          data-part="progress-fill"
          style={inRows ? { inlineSize: `${(processed / total) * 100}%` } : undefined}
        />
      </span>
      <span className="cb-progress-text" data-part="progress-text">
        {text}
      </span>
    </span>
  )
}
