import { aLead } from '@org/contracts/testing'
import { SendSMSButton } from '../../src/index.js'
import { clicks, timePasses, twilioIsDown } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

export const twilioRecovers: StagedScenario = {
  name: 'Twilio fails, then recovers',
  promise: 'While the circuit breaker is open, an SMS waits visibly instead of failing, and goes out once Twilio answers again.',
  stage: { rows: { leads: [aLead()] } },
  steps: [
    twilioIsDown(2),
    { ...clicks('Send SMS'), hears: /Service is busy. Trying again in about \d+ seconds/ },
    timePasses(32_000, '30 seconds pass, and Twilio is still down'),
    { ...timePasses(40_000, 'Another 40 seconds pass, and Twilio answers again'), hears: 'SMS sent to Anna Kim' },
  ],
  ending: {
    effects: 1, // The success is shown for two seconds; then the button is at rest again.
    sees: /Sent|Send SMS/,
  },
  page: () => <SendSMSButton leadId="lead-123" message="Hi Anna, see you tomorrow at 10am." variant="with-progress" />,
}
