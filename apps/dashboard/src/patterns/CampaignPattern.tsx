import { LeadStatusBulkUpdateButton } from '@org/critical-buttons'
import { useMemo } from 'react'
import type { LeadRow } from '../data/useRows.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'
import { type Campaign, campaignsOf } from './campaigns.js'

/** After a campaign, everybody it reached is marked as contacted. */
export function CampaignPattern({ leads }: { leads: readonly LeadRow[] }) {
  const campaigns = useMemo(() => campaignsOf(leads), [leads])
  return (
    <div className="pattern-cards">
      {campaigns.map((campaign) => (
        <CampaignCard key={campaign.name} campaign={campaign} />
      ))}
    </div>
  )
}

function CampaignCard({ campaign: { name, leadIds, untouched } }: { campaign: Campaign }) {
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  return (
    <article className="pattern-card" data-campaign={name}>
      <h2>{name}</h2>
      <p className="soft small">
        {`${leadIds.length.toLocaleString()} ${leadIds.length === 1 ? 'lead' : 'leads'}, ${untouched.toLocaleString()} not contacted yet`}
      </p>
      <LeadStatusBulkUpdateButton
        ref={trigger}
        leadIds={leadIds}
        targetStatus="contacted"
        variant="with-progress"
        onSuccess={({ updated }) => tell('good', `${name}: marked ${updated.toLocaleString()} leads as contacted`)}
        onError={({ failed, message }) => tell('bad', `${name}: ${failed} leads failed to update: ${message}`)}
      />
    </article>
  )
}
