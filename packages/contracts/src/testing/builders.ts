import type { AppointmentRow } from '../rows/appointment.js'
import type { LeadRow } from '../rows/lead.js'
import type { SmsMessageRow } from '../rows/smsMessage.js'

const AT = '2026-01-15T10:30:00.000Z'
const common = { org_id: 'org-1', version: 1, updated_by: null, updated_at: AT, last_mutation_key: null }

/** A valid pending appointment; pass only what matters to the test. */
export function anAppointment(fields: Partial<AppointmentRow> = {}): AppointmentRow {
  return {
    ...common,
    id: 'apt-123',
    title: 'First consultation',
    scheduled_at: AT,
    status: 'pending',
    lead_id: 'lead-123',
    notes: null,
    confirmed_at: null,
    confirmed_by: null,
    ...fields,
  }
}

/** A valid new lead; pass only what matters to the test. */
export function aLead(fields: Partial<LeadRow> = {}): LeadRow {
  return { ...common, id: 'lead-123', name: 'Anna Kim', phone: '+15005550101', status: 'new', status_changed_at: null, ...fields }
}

/** A valid pending SMS; pass only what matters to the test. */
export function anSmsMessage(fields: Partial<SmsMessageRow> = {}): SmsMessageRow {
  return {
    ...common,
    id: 'sms-789',
    lead_id: 'lead-123',
    message: 'Hi Anna',
    template_id: null,
    state: 'pending',
    status: 'pending',
    error_code: null,
    error_message: null,
    sent_at: null,
    created_at: AT,
    ...fields,
  }
}

export { errorBody } from '../errorBody.js'
export { ERROR_CODES, isErrorCode } from '../errorCodes.js'
