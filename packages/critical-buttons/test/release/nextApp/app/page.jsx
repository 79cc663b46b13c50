// A server component: it takes pure things from both entries, and components from the one that has them.
import { BookingConfirmButton, messageTemplates, SendSMSButton, VALID_STATUSES } from '@org/critical-buttons'
import { VALID_STATUSES as FROM_CORE } from '@org/critical-buttons/core'
import { statusColors } from '@org/critical-buttons/tailwind'
import { Leads } from './Leads.jsx'

const lead = { id: 'lead-123', status: 'new', firstName: 'Anna', appointmentDate: 'Monday', appointmentTime: '10am' }

export const dynamic = 'force-dynamic'

export default function Page() {
  return (
    <main>
      <ul id="statuses">
        {VALID_STATUSES.map(({ value, label }) => (
          <li key={value} className={statusColors[value]}>
            {label}
          </li>
        ))}
      </ul>
      <p id="same">{String(FROM_CORE === VALID_STATUSES)}</p>
      <BookingConfirmButton appointmentId="apt-123" />
      <SendSMSButton leadId="lead-123" message={messageTemplates.appointment_confirmation(lead)} />
      <Leads />
    </main>
  )
}
