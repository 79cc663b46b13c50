import { anAppointment } from '@org/contracts/testing'
import { BookingConfirmButton, OfflineIndicator } from '../../src/index.js'
import { clicks, comesBackOnline, goesOffline, reloadsThePage, timePasses } from '../../src/testing/scenarioSteps.js'
import type { StagedScenario } from './StagedScenario.js'

export const offlineThenReconnect: StagedScenario = {
  name: 'Offline click, then reconnect',
  promise: 'A click without network is kept on this device, survives a crash of the tab, and takes effect once when the network is back.',
  stage: { rows: { appointments: [anAppointment()] } },
  steps: [
    goesOffline(),
    { ...clicks('Confirm booking'), hears: 'You are offline. Booking will be confirmed when you reconnect' },
    reloadsThePage(),
    comesBackOnline(),
    { ...timePasses(10_000, 'A few seconds pass'), hears: 'Booking confirmed: First consultation' },
  ],
  ending: { effects: 1, sees: 'Confirmed' },
  page: () => (
    <>
      <OfflineIndicator alwaysShown />
      <BookingConfirmButton appointmentId="apt-123" />
    </>
  ),
}
