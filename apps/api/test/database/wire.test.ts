import { connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { syncChanges } from '../../src/engine/changes/syncChanges.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { ANA, anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { endAll } from '../support/endAll.js'
import { aStoredAppointment } from './contracts/rows.js'

let server: PostgresServer
let proxy: Server
/** The type letter of each message the API sent, and what followed it. */
const sent: { type: string; payload: Buffer }[] = []

beforeAll(async () => {
  server = await startPostgres()
})

afterAll(() =>
  endAll(
    () => new Promise((resolve) => proxy.close(resolve)),
    () => server.stop(),
  ),
)

/** A loopback proxy in front of `target` that reads along. */
function readAlong(target: URL): Promise<number> {
  proxy = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let pending = Buffer.alloc(0)
    let started = false
    client.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        // The first message has no type letter.
        const header = started ? 1 : 0
        if (pending.length < header + 4) break
        const length = header + pending.readUInt32BE(header)
        if (pending.length < length) break
        if (started) sent.push({ type: String.fromCharCode(pending[0] ?? 0), payload: pending.subarray(5, length) })
        started = true
        pending = pending.subarray(length)
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => client.write(chunk))
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  })
  return new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', () => {
      const address = proxy.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

test('keeps the statements of clicks alone, and no session state, so that a transaction pooler may stand between', async () => {
  const url = new URL(await server.createDatabase())
  url.port = String(await readAlong(new URL(url)))
  const database = await openDatabase({ databaseUrl: url.href, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  const call = anActionCall({ appointmentId: await aStoredAppointment(database) })
  const before = sent.length
  expect(await confirmBooking(database, call)).toMatchObject({ status: 200 })
  expect(await confirmBooking(database, call)).toMatchObject({ status: 200, replayed: true })
  // One round trip an action: each ends with one Sync.
  expect(sent.slice(before).filter(({ type }) => type === 'S')).toHaveLength(2)
  await syncChanges(database, { caller: ANA, since: null, limit: 10 })
  await database.close()

  const texts = sent.filter(({ type }) => type === 'Q' || type === 'P').map(({ payload }) => payload.toString())
  expect(texts.length).toBeGreaterThan(5)
  // A Parse message begins with the statement's name, ended by NUL.
  const names = sent.filter(({ type }) => type === 'P').map(({ payload }) => payload.subarray(0, payload.indexOf(0)).toString())
  expect(names.filter((name) => name !== '')).toEqual([expect.stringMatching(/^org_api_[0-9a-f]{24}$/)])
  const sessionState = /^\s*(set\s+(?!local)|listen|prepare|declare|create\s+temp|select\s+pg_advisory_lock|begin|commit)/i
  expect(texts.filter((text) => sessionState.test(text.replace(/^\0/, '')))).toEqual([])
})

test('carries a click out once although a pooler has lost its statement, and sends it whole from then on', async () => {
  const database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:', poolSize: 1 })
  await prepareDatabase(database)
  const confirm = async () => confirmBooking(database, anActionCall({ appointmentId: await aStoredAppointment(database) }))
  const kept = () => database.query<{ statement: string }>(`select statement from pg_prepared_statements where name like 'org\\_api\\_%'`)
  await confirm()
  expect(await kept()).toEqual([{ statement: expect.stringContaining('sync.run_confirm_booking') }])

  await database.write('deallocate all')
  expect(await confirm()).toMatchObject({ status: 200, replayed: false })
  expect(await confirm()).toMatchObject({ status: 200, replayed: false })
  expect(await kept()).toEqual([])
  await database.close()
})

test('carries a click out once although a pooler gives it a connection on which somebody else keeps the statement', async () => {
  const databaseUrl = await server.createDatabase()
  const [first, second] = await Promise.all([1, 2].map(() => openDatabase({ databaseUrl, dataDirectory: ':memory:', poolSize: 1 })))
  if (first === undefined || second === undefined) throw new TypeError('two databases were opened')
  await prepareDatabase(first)
  const click = async () => anActionCall({ appointmentId: await aStoredAppointment(first) })
  await confirmBooking(first, await click())
  const [{ name, statement } = { name: '', statement: '' }] = await first.query<{ name: string; statement: string }>(
    `select name, statement from pg_prepared_statements where name like 'org\\_api\\_%'`,
  )
  await second.query(`prepare ${name} as ${statement}`)
  expect(await confirmBooking(second, await click())).toMatchObject({ status: 200, replayed: false })
  await Promise.all([first.close(), second.close()])
})
