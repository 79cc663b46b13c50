import type { AppointmentRow, LeadRow } from '../data/useRows.js'

export const STEPS = [
  { name: 'booking', title: 'Confirm the appointment' },
  { name: 'sms', title: 'Tell the lead' },
  { name: 'status', title: 'Move the lead on' },
] as const

export type Step = (typeof STEPS)[number]['name'] | 'done'

export interface Workflow {
  appointment: AppointmentRow
  lead: LeadRow
}

/** Appointments that wait to be confirmed, with their leads; and the one that was begun, whatever became of it. Pure. */
export function workflowsIn(appointments: readonly AppointmentRow[], leads: readonly LeadRow[], begun?: string): Workflow[] {
  return appointments.flatMap((appointment) => {
    const lead = leads.find(({ id }) => id === appointment.lead_id)
    const isOpen = appointment.status === 'pending' || appointment.id === begun
    return lead !== undefined && isOpen ? [{ appointment, lead }] : []
  })
}
