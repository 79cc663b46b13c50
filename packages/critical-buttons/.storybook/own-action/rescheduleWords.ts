import type { ActionMessages } from '../../src/index.js'

/** The words a team gives its own action. What is left out is said in general words. */
export const rescheduleWords: Partial<ActionMessages> = {
  label: () => 'Move to Friday',
  done: () => 'Moved',
  pending: () => 'Moving the appointment to Friday',
  stillPending: () => 'Still moving',
  queued: () => 'The appointment will be moved when you reconnect',
  success: () => 'Appointment moved to Friday',
  failed: () => 'Appointment not moved',
  record: () => 'Appointment',
  confirmTitle: () => 'Move this appointment to Friday?',
  confirmMessage: () => 'The customer is told at once.',
  confirmLabel: () => 'Move to Friday',
}
