'use client'
import { isActivePhase, isPendingPhase } from '../mutation-controller/phase.js'
import type { ButtonModel } from './ButtonModel.js'
import { part } from './part.js'

/** Rows of a bulk action until it is over, or attempts of a single one while it works. A moving bar would be a lie while it waits. */
export function ProgressBar({ model }: { model: ButtonModel }) {
  const { messages, say, words, snapshot, options } = model
  const { view } = snapshot
  if (view === undefined) return null
  const { processed, total, failed } = view.progress
  // Attempts say nothing about how far one attempt has come, so a single action has no amount.
  const inRows = total > 1
  if (inRows ? !isPendingPhase(snapshot.phase) : !isActivePhase(snapshot.phase)) return null
  const attempt = Math.min(view.attempt || 1, view.maxAttempts)
  const shown = inRows ? messages.bulkProgress(processed, total, failed) : messages.attempt(attempt, view.maxAttempts)
  // Asking what became of it is no attempt; the status line below says what it is.
  const text = view.phase === 'checking' && !inRows ? undefined : shown
  return (
    <span {...part('progress', options.classNames?.progress)}>
      <span
        {...part('progress-track')}
        role="progressbar"
        aria-label={say.pending(words)}
        aria-valuetext={text ?? messages.checking}
        {...(inRows ? { 'aria-valuenow': processed, 'aria-valuemax': total } : { 'data-indeterminate': '' })}
      >
        <span {...part('progress-fill')} style={inRows ? { inlineSize: `${(processed / total) * 100}%` } : undefined} />
      </span>
      <span data-part="progress-text">{text}</span>
    </span>
  )
}
