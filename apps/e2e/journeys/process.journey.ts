import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from '@playwright/test'
import { apiOf } from '../harness/apiOf.js'
import { newDataDirectory } from '../harness/dataDirectory.js'
import { failToStart, startDemo } from '../harness/startDemo.js'

let dataDirectory: string

test.beforeEach(async () => {
  dataDirectory = await newDataDirectory()
})

test.afterEach(() => rm(dataDirectory, { recursive: true, force: true }))

test('a second demo on the same data directory is refused with one line, and the first goes on', async () => {
  const demo = await startDemo({ dataDirectory })
  const second = await failToStart({ dataDirectory })

  expect(second.code).toBe(1)
  expect(second.output).toMatch(/^The data directory .* is open in another process.*\n$/)
  expect((await (await apiOf(demo.url, 'ana')).leads()).length).toBeGreaterThan(0)
  expect(await demo.stop()).toBe(0)
})

test('kill -9 loses no acknowledged change', async () => {
  const demo = await startDemo({ dataDirectory })
  const ana = await apiOf(demo.url, 'ana')
  const acknowledged: string[] = []
  const leads = (await ana.leads()).filter(({ status }) => status !== 'won')
  const clicks = leads.map(async ({ id, status }) => {
    const answer = await ana.post('/api/leads/update-status', { leadId: id, status: status === 'lost' ? 'new' : 'lost' }).catch(() => null)
    if (answer?.status === 200) acknowledged.push(id)
    // In the middle: some are acknowledged, some are under way.
    if (acknowledged.length === 5) void demo.kill()
  })
  await Promise.all(clicks)
  await demo.kill()

  const restarted = await startDemo({ dataDirectory })
  const after = await (await apiOf(restarted.url, 'ana')).leads()
  expect(acknowledged.length).toBeGreaterThanOrEqual(5)
  for (const id of acknowledged) {
    const before = leads.find((lead) => lead.id === id)
    expect(after.find((lead) => lead.id === id)).toMatchObject({ version: 2, status: before?.status === 'lost' ? 'new' : 'lost' })
  }
  await restarted.stop()
})

test('a key acknowledged before kill -9 gives the same bytes after it', async () => {
  const key = 'key-from-before-the-crash'
  const demo = await startDemo({ dataDirectory })
  const before = await (await apiOf(demo.url, 'ana')).post('/api/bookings/confirm', { appointmentId: 'apt-123' }, key)
  await demo.kill()

  const restarted = await startDemo({ dataDirectory })
  const ana = await apiOf(restarted.url, 'ana')
  const after = await ana.post('/api/bookings/confirm', { appointmentId: 'apt-123' }, key)

  expect(after).toMatchObject({ status: 200, body: before.body })
  expect((await ana.appointment('apt-123')).version).toBe(2)
  await restarted.stop()
})

test('a port in use is one clear line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen({ port: 0, host: '127.0.0.1' }, resolve))
  const { port } = other.address() as AddressInfo

  const { code, output } = await failToStart({ dataDirectory, port })

  expect(code).toBe(1)
  expect(output).toBe(`Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1} npm start\n`)
  await new Promise((resolve) => other.close(resolve))
})

for (const [name, value] of [
  ['PORT', 'abc'],
  ['IDEMPOTENCY_WINDOW_SECONDS', 'soon'],
  ['TWILIO_ACCOUNT_SID', 'not-an-account'],
] as const) {
  test(`a wrong ${name} is one clear line that names it`, async () => {
    const { code, output } = await failToStart({ dataDirectory, env: { [name]: value } })

    expect(code).toBe(1)
    expect(output).toMatch(new RegExp(`^${name} is .*\\n$`))
  })
}

test('Ctrl-C stops cleanly and gives the data directory back', async () => {
  const demo = await startDemo({ dataDirectory })
  expect(await demo.stop()).toBe(0)
  const lines = demo.output().trim().split('\n')
  expect(lines.filter((line) => line.startsWith('Ready: '))).toHaveLength(1)
  expect(lines.filter((line) => line === 'Stopped.')).toHaveLength(1)
  // What to try, and nothing else: no log, no trace.
  expect(lines.slice(1, -1).every((line) => line.startsWith('  - '))).toBe(true)

  const again = await startDemo({ dataDirectory })
  expect(await again.stop()).toBe(0)
})
