import { aLead } from '@org/contracts/testing'
import { SendSMSButton } from '../../src/index.js'
import { clicks, serverAnswers, serverIsSlow } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

export const doubleClick: StagedScenario = {
  name: 'Double click',
  promise: 'The second click joins the first: one request, one SMS. The same text again within a minute is not sent twice either.',
  stage: { rows: { leads: [aLead()] } },
  steps: [
    serverIsSlow(),
    clicks('Send SMS', { times: 2 }),
    { ...serverAnswers(), hears: 'SMS sent to Anna Kim' },
    {
      ...clicks(/Send SMS|Sent/, { title: 'The person is not sure, and clicks once more' }),
      hears: 'Sent a moment ago, so it was not sent twice',
    },
  ],
  ending: { effects: 1, sees: /Sent a moment ago, so it was not sent twice/ },
  page: () => <SendSMSButton leadId="lead-123" message="Hi Anna, see you tomorrow at 10am." />,
}
