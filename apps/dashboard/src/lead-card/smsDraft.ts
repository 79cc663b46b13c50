import { messageTemplates } from '@org/critical-buttons'
import type { AppointmentRow, LeadRow } from '../data/useRows.js'
import { formatLongDay, formatTime } from '../format/format.js'

export type TemplateId = keyof typeof messageTemplates

/** A text about to be sent: a template's, or one's own. */
export interface SmsDraft {
  templateId: TemplateId | null
  text: string
}

/** Templates that can be filled for this lead; the confirmation needs an appointment. Pure. */
export function templateChoices(appointment: AppointmentRow | undefined): { id: TemplateId; label: string }[] {
  return [
    ...(appointment ? [{ id: 'appointment_confirmation' as const, label: 'Appointment confirmation' }] : []),
    { id: 'follow_up', label: 'Follow-up' },
    { id: 'payment_reminder', label: 'Proposal reminder' },
  ]
}

/** The template's text for this lead. Pure. */
export function draftFrom(templateId: TemplateId, lead: LeadRow, appointment: AppointmentRow | undefined): SmsDraft {
  const firstName = lead.name.trim().split(/\s+/)[0] ?? ''
  const when = appointment && {
    appointmentDate: formatLongDay(appointment.scheduled_at),
    appointmentTime: formatTime(appointment.scheduled_at),
  }
  return { templateId, text: messageTemplates[templateId]({ firstName, ...when }) }
}
