import { bookingConfirm, leadUpdateStatus, smsSend } from '@org/contracts'
import { aLead, anAppointment, anSmsMessage } from '@org/contracts/testing'
import {
  BookingConfirmButton,
  LeadStatusBulkUpdateButton,
  LeadStatusButton,
  OfflineIndicator,
  SendSMSButton,
  SmsHistory,
} from '@org/critical-buttons'
import { createFakeSyncClient, driveToPhase, type FakeSyncClient, type PhaseSetting, phaseFields } from '@org/critical-buttons/testing'
import type { ReactNode } from 'react'

/** A component in one state. */
export interface StatePicture {
  name: string
  client: FakeSyncClient
  shown: ReactNode
  /** Takes a whole line. */
  isWide?: boolean
  /** Done once it is on screen: success is news only to those who were there. */
  afterwards?: (picture: HTMLElement) => void
}

const appointment = anAppointment()
const lead = aLead()
const message = 'Hi Anna, see you tomorrow at 10am.'
const LEADS = [lead, aLead({ id: 'lead-124', name: 'Marcus Bell' }), aLead({ id: 'lead-125', name: 'Priya Nair', status: 'won' })]

const newClient = (options: Parameters<typeof createFakeSyncClient>[0] = {}) =>
  createFakeSyncClient({ rows: { appointments: [appointment], leads: LEADS }, ...options })

function offline(client: FakeSyncClient): FakeSyncClient {
  client.setConnectivity({ online: false })
  return client
}

function bookings(): StatePicture[] {
  const shown = <BookingConfirmButton appointmentId="apt-123" />
  const after = (setting: PhaseSetting, client = newClient()) => {
    driveToPhase(client, bookingConfirm, { appointmentId: 'apt-123' }, setting)
    return { client, shown }
  }
  const confirmed = { appointments: [anAppointment({ status: 'confirmed' })] }
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'On its way', ...after({ phase: 'running' }) },
    { name: 'Confirmed, by whomever', client: newClient({ rows: confirmed }), shown },
    { name: 'Offline', ...after({ phase: 'queued' }, offline(newClient())) },
    { name: 'Failed', ...after({ phase: 'error' }) },
    { name: 'Nobody knows', ...after({ phase: 'unknown' }) },
  ]
}

function messages(): StatePicture[] {
  const shown = <SendSMSButton leadId="lead-123" message={message} variant="with-progress" />
  const after = (setting: PhaseSetting) => {
    const client = newClient()
    driveToPhase(client, smsSend, { leadId: 'lead-123', message }, setting)
    return { client, shown }
  }
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'Tried again', ...after({ phase: 'retrying' }) },
    { name: 'Twilio is down', ...after({ phase: 'circuit-open' }) },
    { name: 'An answer was lost', ...after({ phase: 'checking' }) },
    { name: 'Sent', ...succeeding(after({ phase: 'running' })) },
  ]
}

function statuses(): StatePicture[] {
  const shown = <LeadStatusButton leadId="lead-123" currentStatus="new" />
  const after = (setting: PhaseSetting, client = newClient()) => {
    driveToPhase(client, leadUpdateStatus, { leadId: 'lead-123', status: 'qualified' }, setting)
    return { client, shown }
  }
  const theirs = aLead({ status: 'proposal_sent', version: 2, updated_by: 'Ben' })
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'On its way: what was chosen is shown at once', ...after({ phase: 'running' }) },
    { name: 'Offline', ...after({ phase: 'queued' }, offline(newClient())) },
    { name: 'Someone else was faster', ...after({ phase: 'conflict', error: { row: theirs } }, newClient({ rows: { leads: [theirs] } })) },
    { name: 'Final', client: newClient({ rows: { leads: [aLead({ status: 'won' })] } }), shown },
  ]
}

function bulks(): StatePicture[] {
  const ids = LEADS.map(({ id }) => id)
  const shown = <LeadStatusBulkUpdateButton leadIds={ids} targetStatus="qualified" variant="with-progress" />
  // It shows what it sent itself, so here it is clicked.
  const after = (setting: PhaseSetting) => {
    const client = newClient()
    const afterwards = (picture: HTMLElement) => {
      picture.querySelector('button')?.click()
      client.drive(phaseFields(setting))
    }
    return { client, shown, afterwards }
  }
  const failures = [{ leadId: 'lead-125', code: 'STATUS_FINAL' }]
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'On its way', ...after({ phase: 'running', fields: { progress: { processed: 1, total: 3, failed: 0 } } }) },
    { name: 'Done in part', ...after({ phase: 'partial', error: { updated: 2, failed: 1, failures } }) },
  ]
}

function indicators(): StatePicture[] {
  const waiting = (client: FakeSyncClient) => {
    client.submit(bookingConfirm, { appointmentId: 'apt-123' })
    client.submit(smsSend, { leadId: 'lead-123', message })
    return { client, shown: <OfflineIndicator />, isWide: true }
  }
  return [
    { name: 'Offline, and two clicks wait', ...waiting(offline(newClient())) },
    { name: 'On their way', ...waiting(newClient()) },
  ]
}

function histories(): StatePicture[] {
  const at = (minute: number) => `2026-01-15T10:${minute}:00.000Z`
  const sms = [
    anSmsMessage({ id: 'sms-2', message: 'Are you still interested?', status: 'sent', state: 'sent', sent_at: at(40), created_at: at(40) }),
    anSmsMessage({ id: 'sms-1', message, status: 'delivered', state: 'sent', sent_at: at(30), created_at: at(30) }),
  ].map((row) => ({ ...row, leadId: row.lead_id, sentAt: row.sent_at }))
  const client = newClient({ read: () => ({ status: 200, body: { sms_messages: sms } }) })
  driveToPhase(client, smsSend, { leadId: 'lead-123', message: 'See you on Friday!' }, { phase: 'queued' })
  return [{ name: 'One waits, one is on its way, one has arrived', client, shown: <SmsHistory leadId="lead-123" />, isWide: true }]
}

/** The same picture, whose click succeeds as soon as it is looked at; what a moment later would be gone stays. */
function succeeding({ client, shown }: Omit<StatePicture, 'name'>): Omit<StatePicture, 'name'> {
  client.keepsSuccess = true
  return { client, shown, afterwards: () => void client.drive({ phase: 'success', attempt: 1 }) }
}

/** The pictures of a component, made anew for each page that shows them; undefined for one that has none. */
export function statePicturesOf(component: string): StatePicture[] | undefined {
  const makers: Record<string, () => StatePicture[]> = {
    BookingConfirmButton: bookings,
    SendSMSButton: messages,
    LeadStatusButton: statuses,
    LeadStatusBulkUpdateButton: bulks,
    OfflineIndicator: indicators,
    SmsHistory: histories,
  }
  return makers[component]?.()
}
