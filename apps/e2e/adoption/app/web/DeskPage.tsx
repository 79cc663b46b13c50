import { LeadStatusButton } from '@org/critical-buttons'
import type { Desk } from '../shared/desk.js'
import { DealApproveButton } from './DealApproveButton.js'

export function DeskPage({ desk }: { desk: Desk }) {
  return (
    <main>
      <h1>{`${desk.person}’s desk`}</h1>
      <h2>Contacts</h2>
      <ul>
        {desk.contacts.map((contact) => (
          <li key={contact.id} data-contact={contact.id}>
            {contact.name} <LeadStatusButton leadId={contact.id} currentStatus={contact.status} />
          </li>
        ))}
      </ul>
      <h2>Deals</h2>
      <ul>
        {desk.deals.map((deal) => (
          <li key={deal.id} data-deal={deal.id}>
            {`${deal.title}, ${deal.amount}`} <DealApproveButton deal={deal} />
          </li>
        ))}
      </ul>
    </main>
  )
}
