import { afterEach, expect, test } from '@jest/globals'
import { type AnyAction, bookingConfirm, leadBulkUpdateStatus, leadUpdateStatus, type RequestOf, smsSend } from '@org/contracts/client'
import { aLead, anAppointment } from '@org/contracts/testing'
import type { MutationView, SyncClient } from '@org/sync-core'
import { createSyncHarness, type SyncHarness } from '@org/sync-core/testing'
import { createFakeSyncClient, type FakeSyncClient } from './createFakeSyncClient.js'
import { phaseFields } from './driveToPhase.js'

// What a component can see of a fake client is what it would see of the real one: the same things happen to both, and after
// each of them everything that a `SyncClient` shows is compared.

const LEADS = [aLead({ status: 'new' }), aLead({ id: 'lead-124', status: 'new' })]
const ROWS = { leads: LEADS, appointments: [anAppointment()] }
const contacted = { leadId: 'lead-123', status: 'contacted' } as const
const bulk = { leadIds: ['lead-123', 'lead-124'], status: 'contacted' }

const PARTIAL = {
  success: true,
  updated: 1,
  failed: 1,
  unchanged: 0,
  message: '1 lead updated, 1 failed',
  leads: [aLead({ status: 'contacted', version: 2 })],
  failures: [{ leadId: 'lead-124', code: 'STATUS_FINAL' }],
}

interface World {
  client: SyncClient
  told: string[]
  ids: string[]
}

interface Step {
  real: (sync: SyncHarness, world: World) => Promise<unknown>
  fake: (client: FakeSyncClient, world: World) => unknown
}

let sync: SyncHarness | undefined
afterEach(() => sync?.close())

function submit<A extends AnyAction>(world: World, action: A, request: RequestOf<A>): void {
  const say = (what: string) => (view: MutationView | undefined) => void world.told.push(`${what} ${view?.phase}`)
  const { id, settled } = world.client.submit(action, request, undefined, {
    onSuccess: (_, view) => say('success')(view),
    onError: (error, view) => say(`error ${error.code} ${error.willRetry}`)(view),
    onSettled: say('settled'),
  })
  void settled.then(say('resolved'))
  if (!world.ids.includes(id)) world.ids.push(id)
}

const click = <A extends AnyAction>(action: A, request: RequestOf<A>): Step => ({
  real: async (_, world) => submit(world, action, request),
  fake: (_, world) => submit(world, action, request),
})
const goOffline: Step = { real: (real) => real.goOffline(), fake: (fake) => fake.setConnectivity({ online: false }) }
const dismissFirst: Step = {
  real: async (real, { ids }) => real.client.dismiss(ids[0]!),
  fake: (fake, { ids }) => fake.dismiss(ids[0]!),
}
const cancelFirst: Step = {
  real: (real, { ids }) => real.client.cancel(ids[0]!),
  fake: (fake, { ids }) => fake.cancel(ids[0]!),
}
const answered: Step = {
  real: async (real) => real.server.release(),
  fake: (fake) => fake.drive({ phase: 'success', data: fake.submissions.length }),
}
const hold: Step = { real: async (real) => real.server.hold(), fake: () => {} }

/** Plans the server's answer before the click that gets it. */
const planned = (code: Parameters<SyncHarness['server']['next']>[0]): Step => ({
  real: async (real) => real.server.next(code),
  fake: () => {},
})
/** What the server did to the newest click, as a test of a component says it. */
const shownAs = (setting: Parameters<typeof phaseFields>[0], ms = 0): Step => ({
  real: (real) => real.advance(ms),
  fake: (fake) => fake.drive(phaseFields(setting)),
})
const confirmed = click(bookingConfirm, { appointmentId: 'apt-123' })
const sms = click(smsSend, { leadId: 'lead-123', message: 'Hi Anna' })
const failed = (code: string): Step => ({ real: async () => {}, fake: (fake) => fake.fail({ code }) })
/** Two steps that belong together: between them the fake one would stand still where the real one has gone on. */
const both = (first: Step, second: Step): Step => ({
  real: async (real, world) => {
    await first.real(real, world)
    await real.settle()
    await second.real(real, world)
  },
  fake: (fake, world) => {
    first.fake(fake, world)
    second.fake(fake, world)
  },
})

const SCENARIOS: Record<string, Step[]> = {
  'a click that is answered': [hold, click(leadUpdateStatus, contacted), answered, dismissFirst],
  'a double click': [hold, click(leadUpdateStatus, contacted), click(leadUpdateStatus, contacted), answered],
  'a click offline, taken back': [goOffline, click(leadUpdateStatus, contacted), cancelFirst],
  'a refusal, dismissed': [planned('STATUS_FINAL'), both(click(leadUpdateStatus, contacted), failed('STATUS_FINAL')), dismissFirst],
  'a second attempt on its way': [
    planned('network'),
    both(confirmed, both(hold, shownAs({ phase: 'retrying' }, 5_000))),
    { ...answered, fake: (fake) => fake.succeed({ success: true }) },
  ],
  'a second attempt that is planned': [
    planned('lost-response'),
    both(confirmed, shownAs({ phase: 'retrying', fields: { attempt: 1, nextRetryAt: 1 } })),
  ],
  'a service that is away': [planned('CIRCUIT_BREAKER_OPEN'), both(sms, shownAs({ phase: 'circuit-open' })), cancelFirst],
  'a row that somebody changed': [
    planned('VERSION_CONFLICT'),
    both(click(leadUpdateStatus, contacted), shownAs({ phase: 'conflict' })),
    dismissFirst,
  ],
  'an SMS the server has taken over': [
    planned({ status: 202, body: { success: true } }),
    both(sms, shownAs({ phase: 'checking', fields: { nextRetryAt: 1 } })),
  ],
  'a bulk of which one row is refused': [
    planned({ status: 207, body: PARTIAL }),
    both(
      click(leadBulkUpdateStatus, bulk),
      shownAs({ phase: 'partial', data: PARTIAL, error: { updated: 1, failed: 1, unchanged: 0, failures: PARTIAL.failures } }),
    ),
    dismissFirst,
  ],
  'a bulk that is refused': [planned('FORBIDDEN'), both(click(leadBulkUpdateStatus, bulk), failed('FORBIDDEN'))],
  'a bulk under way': [hold, click(leadBulkUpdateStatus, bulk), answered],
}

function seenOf({ client, told, ids }: World) {
  const lanes = ['lead:lead-123:status', 'lead:lead-124:status', 'appointment:apt-123']
  const actions = [leadUpdateStatus, leadBulkUpdateStatus, bookingConfirm]
  const nth = (id: string | undefined) => (id === undefined ? undefined : ids.indexOf(id))
  const row = (id: string) => {
    const view = client.getRow('leads', id)
    return view && [(view.row as { status?: string }).status, view.base?.version, view.pendingIds.map(nth)]
  }
  return {
    views: ids.map((id) => viewOf(client.getMutation(id))),
    newest: lanes.map((lane) => actions.map(({ name }) => nth(client.getLatestInLane(lane, name)?.id))),
    queue: client.getQueue().map(({ id, state, attempts, ambiguous, lastError }) => [nth(id), state, attempts, ambiguous, lastError?.code]),
    connectivity: client.getConnectivity(),
    rows: [row('lead-123'), row('lead-124')],
    told: [...told].sort(),
  }
}

function viewOf(view: MutationView | undefined) {
  if (view === undefined) return undefined
  const { id: _, submittedAt: __, nextRetryAt, data, error, request: ___, ...seen } = view
  return { ...seen, retries: nextRetryAt !== null, hasData: data !== undefined, code: error?.code, willRetry: error?.willRetry }
}

test.each(Object.entries(SCENARIOS))('%s', async (_, steps) => {
  sync = await createSyncHarness({ rows: ROWS })
  sync.client.ingest('leads', LEADS)
  const real: World = { client: sync.client, told: [], ids: [] }
  const client = createFakeSyncClient({ rows: ROWS })
  const fake: World = { client, told: [], ids: [] }
  for (const [nth, step] of steps.entries()) {
    await step.real(sync, real)
    await sync.settle()
    await step.fake(client, fake)
    await sync.settle()
    expect([nth, seenOf(fake)]).toEqual([nth, seenOf(real)])
  }
})
