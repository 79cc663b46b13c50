import { part } from './part.js'

/** The drawings of the style sheet, which a theme can replace. */
export type IconName = 'spinner' | 'clock' | 'pause' | 'check' | 'warning' | 'conflict' | 'error' | 'question' | 'send' | 'list'

/** A sign beside a text that says the same, so it is hidden from screen readers. */
export function Icon({ name, className }: { name: IconName; className?: string | undefined }) {
  return <span {...part('icon', className)} data-icon={name} aria-hidden="true" />
}
