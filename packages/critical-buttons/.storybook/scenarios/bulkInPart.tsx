import { type LeadRow, leadBulkUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { LeadStatusBulkUpdateButton } from '../../src/index.js'
import type { ScenarioStage } from '../../src/testing/createScenarioStage.js'
import { clicks, serverAnswers, serverIsSlow } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

const LEADS = [aLead(), aLead({ id: 'lead-124', name: 'Marco Ruiz' }), aLead({ id: 'lead-125', name: 'Grace Obi' })]

/** The first time, one of the rows is held by someone else. */
function oneRowIsBusy({ sync }: ScenarioStage): void {
  let isBusy = true
  sync.server.handle(leadBulkUpdateStatus, (request, { rows, user, key, now }) => {
    const { leadIds, status } = request as { leadIds: string[]; status: LeadRow['status'] }
    const written = leadIds.flatMap((id) => {
      const row = rows.get('leads')?.get(id) as LeadRow | undefined
      if (row === undefined || (isBusy && id === 'lead-125')) return []
      return [{ ...row, status, version: row.version + 1, updated_by: user.actor, updated_at: now, last_mutation_key: key }]
    })
    isBusy = false
    const failures = leadIds.filter((id) => !written.some((row) => row.id === id)).map((leadId) => ({ leadId, code: 'ROW_BUSY' }))
    const counts = { updated: written.length, failed: failures.length, unchanged: 0 }
    const message = `${counts.updated} leads updated, ${counts.failed} failed`
    return {
      status: failures.length > 0 ? 207 : 200,
      body: { success: failures.length === 0, ...counts, message, leads: written, failures },
    }
  })
}

export const bulkInPart: StagedScenario = {
  name: 'Bulk update with a partial failure',
  promise: 'What worked stays done, what failed is named with its reason, and only that is tried again.',
  stage: { rows: { leads: LEADS } },
  steps: [
    { title: 'Someone else is just changing Grace Obi', run: oneRowIsBusy },
    serverIsSlow(),
    clicks('Mark 3 leads as contacted'),
    { ...serverAnswers(), hears: '2 updated, 1 failed. Try again is available' },
    { ...clicks('Retry 1 failed lead'), hears: '1 lead changed to Contacted' },
  ],
  ending: {
    effects: 2, // The success is shown for two seconds; then the button is at rest again.
    sees: /1 lead updated|Mark 3 leads as contacted/,
  },
  page: () => <LeadStatusBulkUpdateButton leadIds={LEADS.map(({ id }) => id)} targetStatus="contacted" variant="with-progress" />,
}
