import { aLead } from '@org/contracts/testing'
import { LeadStatusButton } from '../../src/index.js'
import { clicks, someoneElseWrites } from '../../src/testing/scenarioSteps.js'
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
    clicks(/Status of Anna Kim/, { title: 'A person opens the menu' }),
    clicks('Qualified', { title: 'And chooses “Qualified”' }),
    clicks('Mark as Qualified anyway'),
  ],
  ending: { effects: 1, sees: /Qualified/, hears: [/You wanted Qualified. Ben set Negotiating/, /changed to Qualified/] },
  page: () => <LeadStatusButton leadId="lead-123" currentStatus="contacted" />,
}
