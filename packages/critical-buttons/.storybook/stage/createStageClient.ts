import { aLead, anAppointment } from '@org/contracts/testing'
import { createFakeSyncClient, type FakeSyncClient } from '../../src/testing/createFakeSyncClient.js'
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
export async function createStageClient(stage: StageParameters, isOffline: boolean): Promise<FakeSyncClient> {
  const { rows, clicks = [], offline = isOffline, user, read, prepare } = stage
  const client = await createFakeSyncClient({
    rows: { leads: LEADS, appointments: APPOINTMENTS, ...rows },
    ...(user !== undefined && { user }),
    ...(read && { read }),
  })
  for (const { action, request, ...setting } of networkLast(clicks)) {
    await client.click(action, request, setting.phase === 'success' ? 'running' : setting)
  }
  if (offline) await client.goOffline()
  if (clicks.some(({ phase }) => phase === 'success')) client.keepsSuccess = true
  await prepare?.(client)
  return client
}

/** What waits for the network comes after what needs it. */
function networkLast(clicks: readonly StagedClick[]): readonly StagedClick[] {
  const waits = ({ phase }: StagedClick) => phase === 'queued'
  return [...clicks.filter((click) => !waits(click)), ...clicks.filter(waits)]
}

/** Success is news only to those who were there: it comes when the story is on screen. */
export function playSuccesses(client: FakeSyncClient, clicks: readonly StagedClick[]): void {
  for (const { action, request, ...setting } of clicks) {
    const id =
      client.submissions.find(
        (submission) => submission.action === action && JSON.stringify(submission.request) === JSON.stringify(request),
      )?.id ?? ''
    if (setting.phase === 'success' && client.getMutation(id)?.phase === 'running') void client.drive(setting, id)
  }
}
