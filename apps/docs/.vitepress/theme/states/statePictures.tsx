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
import { createFakeSyncClient, type FakeSyncClient, type FakeSyncClientOptions, type PhaseSetting } from '@org/critical-buttons/testing'
import type { ReactNode } from 'react'

/** A component in one state. */
export interface StatePicture {
  name: string
  /** A page of its own, in the state that is shown. */
  client: Promise<FakeSyncClient>
  shown: ReactNode
  /** Takes a whole line. */
  isWide?: boolean
  /** Done once it is on screen: success is news only to those who were there. */
  afterwards?: (picture: HTMLElement, client: FakeSyncClient) => void
}

const appointment = anAppointment()
const lead = aLead()
const message = 'Hi Anna, see you tomorrow at 10am.'
const LEADS = [lead, aLead({ id: 'lead-124', name: 'Marcus Bell' }), aLead({ id: 'lead-125', name: 'Priya Nair', status: 'won' })]
const booking = { appointmentId: 'apt-123' }

const newClient = (options: FakeSyncClientOptions = {}) =>
  createFakeSyncClient({ rows: { appointments: [appointment], leads: LEADS }, ...options })

async function clicked(click: (client: FakeSyncClient) => Promise<unknown>, page = newClient()): Promise<FakeSyncClient> {
  const client = await page
  await click(client)
  return client
}

function bookings(): StatePicture[] {
  const shown = <BookingConfirmButton appointmentId="apt-123" />
  const after = (phase: PhaseSetting['phase']) => ({ client: clicked((client) => client.click(bookingConfirm, booking, phase)), shown })
  const confirmed = { appointments: [anAppointment({ status: 'confirmed' })] }
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'On its way', ...after('running') },
    { name: 'Confirmed, by whomever', client: newClient({ rows: confirmed }), shown },
    { name: 'Offline', ...after('queued') },
    { name: 'Failed', ...after('error') },
    { name: 'Nobody knows', ...after('unknown') },
  ]
}

function messages(): StatePicture[] {
  const shown = <SendSMSButton leadId="lead-123" message={message} variant="with-progress" />
  const sms = { leadId: 'lead-123', message }
  const after = (phase: PhaseSetting['phase']) => ({ client: clicked((client) => client.click(smsSend, sms, phase)), shown })
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'Tried again', ...after('retrying') },
    { name: 'Twilio is down', ...after('circuit-open') },
    { name: 'An answer was lost', ...after('checking') },
    { name: 'Sent', ...succeeding(after('running')) },
  ]
}

function statuses(): StatePicture[] {
  const shown = <LeadStatusButton leadId="lead-123" currentStatus="new" />
  const after = (setting: PhaseSetting) => {
    const request = { leadId: 'lead-123', status: 'qualified' }
    return { client: clicked((client) => client.click(leadUpdateStatus, request, setting)), shown }
  }
  const theirs = aLead({ status: 'proposal_sent', version: 2, updated_by: 'Ben' })
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'On its way: what was chosen is shown at once', ...after({ phase: 'running' }) },
    { name: 'Offline', ...after({ phase: 'queued' }) },
    { name: 'Someone else was faster', ...after({ phase: 'conflict', answer: { lead: theirs } }) },
    { name: 'Final', client: newClient({ rows: { leads: [aLead({ status: 'won' })] } }), shown },
  ]
}

function bulks(): StatePicture[] {
  const ids = LEADS.map(({ id }) => id)
  const shown = <LeadStatusBulkUpdateButton leadIds={ids} targetStatus="qualified" variant="with-progress" />
  // It shows what it sent itself, so here it is clicked.
  const after = (setting: PhaseSetting) => ({
    client: newClient(),
    shown,
    afterwards: (picture: HTMLElement, client: FakeSyncClient) => {
      picture.querySelector('button')?.click()
      void client.drive(setting)
    },
  })
  const failures = [{ leadId: 'lead-125', code: 'STATUS_FINAL' }]
  return [
    { name: 'At rest', client: newClient(), shown },
    { name: 'On its way', ...after({ phase: 'running' }) },
    { name: 'Done in part', ...after({ phase: 'partial', answer: { failures } }) },
  ]
}

function indicators(): StatePicture[] {
  const waiting = (phase: PhaseSetting['phase']) => {
    const click = async (client: FakeSyncClient) => {
      await client.click(bookingConfirm, booking, phase)
      await client.click(smsSend, { leadId: 'lead-123', message }, phase)
    }
    return { client: clicked(click), shown: <OfflineIndicator />, isWide: true }
  }
  return [
    { name: 'Offline, and two clicks wait', ...waiting('queued') },
    { name: 'On their way', ...waiting('running') },
  ]
}

function histories(): StatePicture[] {
  const at = (minute: number) => `2026-01-15T10:${minute}:00.000Z`
  const sms = [
    anSmsMessage({ id: 'sms-2', message: 'Are you still interested?', status: 'sent', state: 'sent', sent_at: at(40), created_at: at(40) }),
    anSmsMessage({ id: 'sms-1', message, status: 'delivered', state: 'sent', sent_at: at(30), created_at: at(30) }),
  ].map((row) => ({ ...row, leadId: row.lead_id, sentAt: row.sent_at }))
  const page = newClient({ read: () => ({ status: 200, body: { sms_messages: sms } }) })
  const client = clicked((opened) => opened.click(smsSend, { leadId: 'lead-123', message: 'See you on Friday!' }, 'queued'), page)
  return [{ name: 'One waits, one is on its way, one has arrived', client, shown: <SmsHistory leadId="lead-123" />, isWide: true }]
}

/** The same picture, whose click succeeds as soon as it is looked at; what a moment later would be gone stays. */
function succeeding({ client, shown }: Omit<StatePicture, 'name'>): Omit<StatePicture, 'name'> {
  const kept = client.then((page) => Object.assign(page, { keepsSuccess: true }))
  return { client: kept, shown, afterwards: (_, page) => void page.succeed() }
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
