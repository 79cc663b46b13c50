import { anAppointment } from '@org/contracts/testing'
import { BookingConfirmButton } from '../../src/index.js'
import { clicks, requestGetsLost, serverRefuses, timePasses } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

export const unknownOutcome: StagedScenario = {
  name: 'Outcome unknown, then resolved',
  promise: 'When nobody can tell whether it took effect, the button says so. “Check again” asks the server first and never does it twice.',
  stage: { rows: { appointments: [anAppointment()] } },
  steps: [
    // Had it arrived, the record itself would tell.
    requestGetsLost(),
    serverRefuses(['OUTCOME_UNKNOWN'], 'And the server will not remember the click'),
    clicks('Confirm booking'),
    { ...timePasses(10_000, 'The click is tried again under the same key'), hears: /^Outcome unknown/ },
    { ...clicks('Check again'), hears: 'Booking confirmed: First consultation' },
  ],
  ending: { effects: 1, sees: 'Confirmed' },
  page: () => <BookingConfirmButton appointmentId="apt-123" />,
}
