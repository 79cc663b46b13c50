import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { leadUpdateStatus, PATHS } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { originName, scopeName } from '../src/identity/scopeName.js'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

const ANA = { actor: 'user-456', tenant: 'org-1' }
const EVE = { actor: 'user-999', tenant: 'org-2' }
const QUEUE = scopeName(ANA)

let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ user: ANA, rows: { leads: [aLead()] } })
})
afterEach(() => world.close())

const codes = () => world.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))

/** Another page of the origin says all of these. */
async function say(channel: string, messages: readonly unknown[]): Promise<void> {
  const stranger = world.browser.openTab().openTabChannel(channel)
  for (const message of messages) stranger.post(message)
  await world.settle()
}

async function clickStillWorks(): Promise<void> {
  const { id } = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
  await world.advance(1_000)
  expect([world.client.getMutation(id)?.phase, world.server.effects]).toEqual(['success', [id]])
}

const NOWHERE = { birth: 'elsewhere', seq: 0, revision: 1 }
const records = (fields: object) => ({ type: 'records', scope: QUEUE, from: NOWHERE, to: NOWHERE, writes: [], ...fields })

test.each<[string, unknown[]]>([
  ['nonsense', [null, 'x', 7, [], {}, new Map([['a', 1]])]],
  ['messages of the wrong shape', [records({ writes: 'all' }), records({ to: 'high' }), records({ type: 'boom' })]],
  ["another user's messages", [records({ scope: scopeName(EVE) })]],
])('%s on the channel of the queue: ignored, told once, and clicks go on', async (_name, messages) => {
  await say(QUEUE, [...messages, ...messages])
  expect(codes()).toEqual(['TAB_MESSAGE_REFUSED'])
  await clickStillWorks()
})

test('entries that nobody can read, and another user’s, said on the channel: shown as unreadable, never sent', async () => {
  const foreign = { v: 1, id: 'foreign', tenant: EVE.tenant, actor: EVE.actor }
  await say(QUEUE, [
    records({
      writes: [
        { id: 'broken', value: { v: 1, state: 'what' } },
        { id: 'foreign', value: foreign },
      ],
    }),
  ])
  expect(codes()).toEqual(['ENTRY_UNREADABLE', 'ENTRY_UNREADABLE'])
  expect(world.client.getQueue().map(({ id, state }) => [id, state])).toEqual([
    ['broken', 'blocked'],
    ['foreign', 'blocked'],
  ])
  // Nobody can say that it has ended.
  expect(await world.client.discard('broken')).toBe('unreachable')
  await clickStillWorks()
})

test('nonsense on the channel of the origin changes nothing about who is signed in, and is told once', async () => {
  await say(originName(''), [null, { type: 'user', actor: EVE.actor }, 'x'])
  expect(codes()).toEqual(['TAB_MESSAGE_REFUSED'])
  expect(world.client.getIdentity()).toEqual({ state: 'confirmed', ...ANA })
  expect(world.server.requests.filter(({ path }) => path === PATHS.session).length).toBeLessThanOrEqual(3)
  await clickStillWorks()
})

test('rows a host hands over that are none are left out with a code', async () => {
  world.client.ingest('leads', [null, 'x', { id: 7 }, { id: 'lead-9' }, { id: 'lead-8', version: 'two' }, aLead({ id: 'lead-7' })])
  await world.settle()
  expect(codes()).toEqual(Array(5).fill('ROW_MALFORMED'))
  expect(world.client.getRows('leads').map(({ row }) => row.id)).toEqual(['lead-7'])
})

test('a telemetry that throws breaks nothing', async () => {
  world.close()
  world = await createSyncHarness({
    rows: { leads: [aLead()] },
    onTelemetry: () => {
      throw new Error('telemetry failed')
    },
  })
  await say(QUEUE, [null])
  await clickStillWorks()
})
