import { aLead, anAppointment } from '@org/contracts/testing'
import { createFakeSyncClient, type FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
import { driveToPhase, phaseFields } from '../../src/testing/driveToPhase.js'
import type { StagedClick, StageParameters } from './StageParameters.js'

const LEADS = [
  aLead(),
  aLead({ id: 'lead-124', name: 'Marco Ruiz', status: 'contacted', phone: '+15005550102' }),
  aLead({ id: 'lead-125', name: 'Grace Obi', status: 'qualified', phone: '+15005550103' }),
]
const APPOINTMENTS = [anAppointment(), anAppointment({ id: 'apt-124', title: 'Follow-up call', status: 'confirmed' })]

/**
 * A fake client with the stage's rows and the clicks a story wants to have happened. A success
 * stays on screen, which it would not do otherwise.
 */
export function createStageClient(stage: StageParameters, offline: boolean): FakeSyncClient {
  const { rows, clicks = [], connectivity, identity, read, prepare } = stage
  const client = createFakeSyncClient({ rows: { leads: LEADS, appointments: APPOINTMENTS, ...rows }, ...(read && { read }) })
  for (const { action, request, ...setting } of clicks) {
    driveToPhase(client, action, request, setting.phase === 'success' ? { phase: 'running' } : setting)
  }
  if (offline || connectivity !== undefined) client.setConnectivity({ ...connectivity, ...(offline ? { online: false } : {}) })
  if (identity !== undefined) client.setIdentity({ state: identity })
  if (clicks.some(({ phase }) => phase === 'success')) client.keepsSuccess = true
  prepare?.(client)
  return client
}

/** Success is news only to those who were there: it comes when the story is on screen. */
export function playSuccesses(client: FakeSyncClient, clicks: readonly StagedClick[]): void {
  for (const { action, request, ...setting } of clicks) {
    if (setting.phase !== 'success') continue
    const view = client.getLatestInLane(action.lanes(request)[0] ?? '', action.name)
    if (view?.phase === 'running') client.drive(phaseFields(setting), view.id)
  }
}
