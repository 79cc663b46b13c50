import type { AppointmentRow } from '../data/useRows.js'

/**
 * How the confirm button of an appointment stands. A confirmed one keeps the default: the button
 * shows "Confirmed" by itself, and would lose the result of its own click if it were switched off.
 */
export function confirmVariant(status: AppointmentRow['status']): 'default' | 'disabled' {
  return status === 'pending' || status === 'confirmed' ? 'default' : 'disabled'
}
