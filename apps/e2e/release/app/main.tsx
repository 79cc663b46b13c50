import { BookingConfirmButton, configureCriticalButtons, LeadStatusButton, OfflineIndicator, SendSMSButton } from '@org/critical-buttons'
import '@org/critical-buttons/styles.css'
import { ERROR_CODES, isErrorCode } from '@org/contracts'
import { createSyncClient } from '@org/sync-core'
import { createRoot } from 'react-dom/client'

// What the page around a consumer knows: where the API is, and who is signed in.
const { apiUrl, token } = globalThis as unknown as { apiUrl: string; token: string }
configureCriticalButtons({ apiUrl, getAccessToken: () => token })

function AppointmentCard({ appointmentId, leadId }: { appointmentId: string; leadId: string }) {
  return (
    <article>
      <OfflineIndicator />
      <BookingConfirmButton
        appointmentId={appointmentId}
        onSuccess={() => {
          document.title = 'confirmed'
        }}
        onError={(error) => {
          if (isErrorCode(error.code)) console.log(ERROR_CODES[error.code].status, typeof createSyncClient)
        }}
      />
      <SendSMSButton leadId={leadId} message="See you tomorrow at 10am." variant="with-progress" />
      <LeadStatusButton leadId={leadId} currentStatus="new" confirmMessage={{ won: 'Mark this lead as won?' }} variant="with-confirm" />
    </article>
  )
}

// @ts-expect-error: a button without its appointment is wrong use, and the installed types must say so.
export const wrong = <BookingConfirmButton />

const root = document.getElementById('root')
if (root) createRoot(root).render(<AppointmentCard appointmentId="apt-123" leadId="lead-123" />)
