import { anAppointment } from '@org/contracts/testing'
import { BookingConfirmButton, OfflineIndicator } from '../../src/index.js'
import { clicks, signsInAgain, timePasses, tokenExpires } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

export const expiredToken: StagedScenario = {
  name: 'The sign-in expires',
  promise:
    'A click with an expired sign-in is no failure: it waits, and goes out when the same person is back. It is never sent in another’s name.',
  stage: { rows: { appointments: [anAppointment()] } },
  steps: [
    tokenExpires(),
    { ...clicks('Confirm booking'), hears: /^Waiting to be sent\. .*It is sent as soon as you are signed in again$/ },
    timePasses(5_000),
    { ...signsInAgain(), hears: 'Booking confirmed: First consultation' },
  ],
  ending: { effects: 1, sees: 'Confirmed' },
  page: () => (
    <>
      <OfflineIndicator alwaysShown />
      <BookingConfirmButton appointmentId="apt-123" />
    </>
  ),
}
