import '@org/critical-buttons/styles.css'
import { BookingConfirmButton, CriticalButtonsProvider, LeadStatusButton } from '@org/critical-buttons'
import { createFakeSyncClient } from '@org/critical-buttons/testing'
import { createRoot } from 'react-dom/client'
import { HOSTS } from './hosts.js'

const client = await createFakeSyncClient({
  rows: {
    leads: [{ id: 'lead-123', version: 1, name: 'Anna Kim', status: 'new' }],
    appointments: [{ id: 'apt-123', version: 1, title: 'First consultation', status: 'pending' }],
  },
})
const heard: string[] = []
/** What tests look at and do. */
Object.assign(globalThis, {
  heardByHost: heard,
  sentRequests: () => client.submissions.map(({ request }) => request),
  confirmed: () => client.succeed(),
})

const name = decodeURIComponent(location.hash.slice(1))
const Host = HOSTS[name]
if (Host === undefined) throw new Error(`There is no host called ${name}.`)

const root = document.getElementById('root') as HTMLElement
createRoot(root).render(
  <CriticalButtonsProvider client={client}>
    <Host
      confirm={<BookingConfirmButton appointmentId="apt-123" variant="with-confirm" />}
      status={<LeadStatusButton leadId="lead-123" currentStatus="new" />}
      hear={(what) => heard.push(what)}
    />
  </CriticalButtonsProvider>,
)
