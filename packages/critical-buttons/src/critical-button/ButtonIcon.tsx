import type { ButtonPhase } from '../mutation-controller/phase.js'
import { joinClassNames } from './classNames.js'

/** The drawing of each phase; drawn by the style sheet, so that a theme can replace it. */
const ICONS: Partial<Record<ButtonPhase, string>> = {
  running: 'spinner',
  retrying: 'spinner',
  checking: 'spinner',
  queued: 'clock',
  'circuit-open': 'pause',
  success: 'check',
  partial: 'warning',
  conflict: 'conflict',
  error: 'error',
  unknown: 'question',
}

/** The sign of a phase; nothing at rest. Text beside it says the same, so it is hidden from screen readers. */
export function ButtonIcon({ phase, className }: { phase: ButtonPhase; className?: string | undefined }) {
  const icon = ICONS[phase]
  if (icon === undefined) return null
  return <span className={joinClassNames('cb-icon', className)} data-part="icon" data-icon={icon} aria-hidden="true" />
}
