import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import type { ActionCall } from '../../src/engine/ledger/ActionCall.js'
import { resolveMutation } from '../../src/engine/ledger/resolveMutation.js'
import { ANA, aKey, anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { bulkUpdateLeadStatus } from '../../src/modules/leads/bulkUpdateLeadStatus.js'
import { updateLeadStatus } from '../../src/modules/leads/updateLeadStatus.js'
import { createSmsOutbox } from '../../src/modules/sms/createSmsOutbox.js'
import { sendSms } from '../../src/modules/sms/sendSms.js'
import { endAll } from '../support/endAll.js'
import { aStoredAppointment, aStoredLead, ledgerRow, versionOf } from './contracts/rows.js'
import { openSession, untilWaiting } from './openSession.js'

let server: PostgresServer
let url: string
let replicas: [Database, Database]
let database: Database
let session: pg.Client
let observer: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  replicas = [await open(), await open()]
  database = replicas[0]
  await prepareDatabase(database)
  session = await openSession(url)
  observer = await openSession(url)
})

beforeEach(() => database.write(`update sync.settings set lock_wait = interval '2 seconds'`))

afterAll(() =>
  endAll(
    () => Promise.all([...replicas.map((replica) => replica.close()), session.end(), observer.end()]),
    () => server.stop(),
  ),
)

function open(): Promise<Database> {
  return openDatabase({ databaseUrl: url, dataDirectory: ':memory:', poolSize: 30 })
}

const waitAtMost = (interval: string) => database.write('update sync.settings set lock_wait = $1::interval', [interval])

/** Carries a confirmation out in an open transaction: claimed, not committed. */
async function claimUncommitted(by: pg.Client, call: ActionCall<{ appointmentId: string }>): Promise<void> {
  await by.query('begin')
  await by.query('select sync.run_confirm_booking($1, $2, $3, $4, $5, $6, 5, null, 60000, null, null)', [
    call.caller.tenant,
    call.caller.actor,
    call.key,
    call.actionName,
    call.fingerprint,
    JSON.stringify(call.request),
  ])
}

describe('one key arriving many times', () => {
  test('takes effect once and answers forty requests on two replicas with the same bytes', async () => {
    const id = await aStoredAppointment(database)
    const call = anActionCall({ appointmentId: id })
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => confirmBooking(replicas[n % 2] as Database, call)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(answers[0]).toMatchObject({ status: 200, recorded: true })
    expect(await versionOf(database, 'appointments', id)).toBe(2)
  })

  test('waits for a claim under way and replays what it committed', async () => {
    const id = await aStoredAppointment(database)
    const call = anActionCall({ appointmentId: id })
    await claimUncommitted(session, call)
    const second = confirmBooking(database, call)
    await untilWaiting(observer)
    await session.query('commit')
    expect(await second).toMatchObject({ status: 200, replayed: true })
    expect(await versionOf(database, 'appointments', id)).toBe(2)
  })

  test('takes over when the owner of the claim dies', async () => {
    const id = await aStoredAppointment(database)
    const call = anActionCall({ appointmentId: id })
    const doomed = await openSession(url)
    const { rows } = await doomed.query('select pg_backend_pid() as pid')
    await claimUncommitted(doomed, call)
    const second = confirmBooking(database, call)
    await untilWaiting(observer)
    await observer.query('select pg_terminate_backend($1)', [rows[0].pid])
    expect(await second).toMatchObject({ status: 200, replayed: false })
    expect(await versionOf(database, 'appointments', id)).toBe(2)
  })

  test('is told that the click is still being worked on when the claim is held for too long', async () => {
    await waitAtMost('100 milliseconds')
    const call = anActionCall({ appointmentId: await aStoredAppointment(database) })
    await claimUncommitted(session, call)
    const answer = await confirmBooking(database, call)
    await session.query('rollback')
    expect(answer).toMatchObject({ status: 409, recorded: false, retryAfterMs: 1_000 })
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true, retryAfterMs: 1_000 })
    expect(await confirmBooking(database, call)).toMatchObject({ status: 200, replayed: false })
  })
})

describe('many keys for one row', () => {
  test('confirm an appointment once; everyone else learns that it is confirmed', async () => {
    const id = await aStoredAppointment(database)
    const answers = await Promise.all(Array.from({ length: 40 }, () => confirmBooking(database, anActionCall({ appointmentId: id }))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(39)
    expect(await versionOf(database, 'appointments', id)).toBe(2)
  })

  test('leave no trace when the row is busy, and succeed later with the same key', async () => {
    await waitAtMost('100 milliseconds')
    const id = await aStoredLead(database)
    await session.query('begin')
    await session.query(`update public.leads set name = 'Held' where id = $1`, [id])
    const call = anActionCall({ leadId: id, status: 'won' as const })
    const answer = await updateLeadStatus(database, call)
    await session.query('rollback')
    expect(answer).toMatchObject({ status: 503, recorded: false, retryAfterMs: 1_000 })
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'ROW_BUSY', retryable: true })
    expect(await ledgerRow(database, call.key)).toBeUndefined()
    expect(await updateLeadStatus(database, call)).toMatchObject({ status: 200, replayed: false })
  })

  test('leave no trace when they are the victim of a deadlock with another writer', async () => {
    await waitAtMost('10 seconds')
    const ids = ['a', 'b'].map((letter) => `lead-deadlock-${letter}`)
    for (const id of ids) await database.write(`insert into public.leads (id, org_id, name) values ($1, 'org-1', 'Anna')`, [id])
    const lock = (id: string | undefined) => session.query('select 1 from public.leads where id = $1 for update', [id])
    // The server lets whoever notices the circle first go: not this session.
    await session.query(`begin; set local deadlock_timeout = '30s'`)
    await lock(ids[1])
    const call = anActionCall({ leadIds: ids, status: 'lost' as const })
    const bulk = bulkUpdateLeadStatus(database, call)
    await untilWaiting(observer)
    const crossing = lock(ids[0])
    expect(await bulk).toMatchObject({ status: 503, recorded: false })
    await crossing
    await session.query('rollback')
    expect(await ledgerRow(database, call.key)).toBeUndefined()
    expect(await bulkUpdateLeadStatus(database, call)).toMatchObject({ status: 200, replayed: false })
  })

  test('never deadlock two bulk updates that name the same leads in another order', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => aStoredLead(database)))
    const rounds = Array.from({ length: 12 }, (_, n) => ({
      leadIds: n % 2 === 0 ? ids : [...ids].reverse(),
      status: n % 3 === 0 ? ('contacted' as const) : ('lost' as const),
    }))
    const answers = await Promise.all(rounds.map((request) => bulkUpdateLeadStatus(database, anActionCall(request))))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  test('are locked in order of id, whatever order they are stored, named or read in', async () => {
    // The planner may read the table in the order it is stored; here it has to.
    const byStorage = await openDatabase({
      databaseUrl: `${url}?options=${encodeURIComponent('-c enable_indexscan=off -c enable_indexonlyscan=off')}`,
      dataDirectory: ':memory:',
    })
    const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => `lead-order-${letter}`)
    for (const id of [...ids].reverse()) {
      await database.write(`insert into public.leads (id, org_id, name) values ($1, 'org-1', 'Anna')`, [id])
    }
    await session.query('begin')
    await session.query(`select 1 from public.leads where id = 'lead-order-c' for no key update`)
    const bulk = bulkUpdateLeadStatus(byStorage, anActionCall({ leadIds: [...ids].reverse(), status: 'lost' as const }))
    await untilWaiting(observer)
    const { rows: free } = await observer.query(
      'select id from public.leads where id = any($1) order by id for no key update skip locked',
      [ids],
    )
    await session.query('rollback')
    expect(free.map(({ id }) => id)).toEqual(['lead-order-d', 'lead-order-e'])
    expect(await bulk).toMatchObject({ status: 200 })
    await byStorage.close()
  })
})

describe('a resolve', () => {
  test('waits for a claim it cannot see, and tells what it committed', async () => {
    const call = anActionCall({ appointmentId: await aStoredAppointment(database) })
    await claimUncommitted(session, call)
    const resolved = resolveMutation(database, { caller: ANA, key: call.key as never, ageMs: 5, createdAtMs: Date.now() })
    await untilWaiting(observer)
    await session.query('commit')
    expect(JSON.parse((await resolved).body)).toMatchObject({ state: 'recorded', status: 200 })
  })

  test('abandons the key when the claim it waited for is rolled back', async () => {
    const id = await aStoredAppointment(database)
    const call = anActionCall({ appointmentId: id })
    await claimUncommitted(session, call)
    const resolved = resolveMutation(database, { caller: ANA, key: call.key as never, ageMs: 5, createdAtMs: Date.now() })
    await untilWaiting(observer)
    await session.query('rollback')
    expect(JSON.parse((await resolved).body)).toMatchObject({ state: 'abandoned' })
    expect(await confirmBooking(database, call)).toMatchObject({ status: 410, recorded: true })
    expect(await versionOf(database, 'appointments', id)).toBe(1)
  })

  test('and its request, racing, agree on what happened', async () => {
    for (let round = 0; round < 25; round += 1) {
      const id = await aStoredAppointment(database)
      const call = anActionCall({ appointmentId: id }, { key: aKey() })
      const [resolved, answer] = await Promise.all([
        resolveMutation(replicas[0], { caller: ANA, key: call.key as never, ageMs: 5, createdAtMs: Date.now() }),
        confirmBooking(replicas[1], call),
      ])
      const { state } = JSON.parse(resolved.body)
      expect([state, answer.status, await versionOf(database, 'appointments', id)]).toEqual(
        state === 'recorded' ? ['recorded', 200, 2] : ['abandoned', 410, 1],
      )
    }
  })
})

describe('SMS dispatchers of two replicas', () => {
  const aClick = async (phone: string) =>
    sendSms({ database, toE164: (number) => number }, anActionCall({ leadId: await aStoredLead(database, { phone }), message: 'Hi' }))

  test('share the due messages and never claim one twice', async () => {
    const sent = await Promise.all(Array.from({ length: 30 }, (_, n) => aClick(`+1312555${String(n).padStart(4, '0')}`)))
    const outboxes = replicas.map((replica) => createSmsOutbox(replica))
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        (outboxes[n % 2] as ReturnType<typeof createSmsOutbox>).claimDue({ leaseMs: 15_000, limit: 10 }),
      ),
    )
    const rest = await createSmsOutbox(database).claimDue({ leaseMs: 15_000, limit: 50 })
    const ids = [...claims.flat(), ...rest].map(({ id }) => id)
    expect([...ids].sort()).toEqual(sent.map(({ ref }) => ref).sort())
  })

  test('leave a message alone while a STOP for its number is being written', async () => {
    const phone = '+14155550188'
    const { ref } = await aClick(phone)
    const outbox = createSmsOutbox(database)
    await session.query('begin')
    await session.query('select sync.set_opt_out($1, true)', [phone])
    await waitAtMost('100 milliseconds')
    const whileWriting = outbox.claimOne(ref ?? '', { leaseMs: 15_000 })
    await untilWaiting(observer).then(() => session.query('commit'))
    expect(await whileWriting).toBeNull()
    await outbox.claimOne(ref ?? '', { leaseMs: 15_000 })
    expect(await outbox.stateOf(ref ?? '')).toBe('failed')
  })

  test('cancel or send a message that is resolved at the same moment, never both', async () => {
    for (let round = 0; round < 15; round += 1) {
      const call = anActionCall({ leadId: await aStoredLead(database, { phone: `+1415555${1000 + round}` }), message: 'Hi' })
      const { ref } = await sendSms({ database, toE164: (number) => number }, call)
      const [claimed, resolved] = await Promise.all([
        createSmsOutbox(replicas[0]).claimOne(ref ?? '', { leaseMs: 15_000 }),
        resolveMutation(replicas[1], { caller: ANA, key: call.key as never, ageMs: 5, createdAtMs: Date.now() }),
      ])
      const { state } = JSON.parse(resolved.body)
      expect([claimed === null, state]).toEqual(claimed === null ? [true, 'abandoned'] : [false, 'pending'])
    }
  })
})
