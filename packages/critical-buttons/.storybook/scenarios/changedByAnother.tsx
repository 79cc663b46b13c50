import { aLead } from '@org/contracts/testing'
import { LeadStatusButton } from '../../src/index.js'
import { clicks, inOneGo, someoneElseWrites } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

export const changedByAnother: StagedScenario = {
  name: 'Someone else changes the record',
  promise: 'Nobody’s change is overwritten unseen: the person is told what was set, by whom, and decides.',
  stage: { rows: { leads: [aLead({ status: 'contacted' })] } },
  steps: [
    someoneElseWrites(
      'leads',
      aLead({ status: 'negotiating', version: 2, updated_by: 'ben' }),
      'Ben sets the lead to Negotiating; this page has not heard of it yet',
    ),
    {
      ...inOneGo('A person opens the menu and chooses “Qualified”', clicks(/Status of Anna Kim/), clicks('Qualified')),
      hears: 'Not saved. You wanted Qualified. Ben set Negotiating',
    },
    { ...clicks('Mark as Qualified anyway'), hears: 'Status of Anna Kim changed to Qualified' },
  ],
  ending: { effects: 1, sees: /Qualified/ },
  page: () => <LeadStatusButton leadId="lead-123" currentStatus="contacted" />,
}
