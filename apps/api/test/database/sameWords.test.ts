import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import type { ActionAnswer, ActionCall } from '../../src/engine/ledger/ActionCall.js'
import { findAnswer } from '../../src/engine/ledger/findAnswer.js'
import { resolveMutation } from '../../src/engine/ledger/resolveMutation.js'
import { ANA, anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { createSmsOutbox } from '../../src/modules/sms/createSmsOutbox.js'
import { sendSms } from '../../src/modules/sms/sendSms.js'
import { endAll } from '../support/endAll.js'
import { aStoredLead } from './contracts/rows.js'
import { bodyOf } from './contracts/smsBench.js'
import { openSession, untilWaiting } from './openSession.js'

interface SmsRequest {
  leadId: string
  message: string
}

const ROUNDS = 30
const AT_ONCE = 8

let server: PostgresServer
let replicas: [Database, Database]
let session: pg.Client
let observer: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  const url = await server.createDatabase()
  const open = () => openDatabase({ databaseUrl: url, dataDirectory: ':memory:', poolSize: 10 })
  replicas = [await open(), await open()]
  await prepareDatabase(replicas[0])
  session = await openSession(url)
  observer = await openSession(url)
})

afterAll(() =>
  endAll(
    () => Promise.all([...replicas.map((replica) => replica.close()), session.end(), observer.end()]),
    () => server.stop(),
  ),
)

let numbers = 0

async function aLead(): Promise<string> {
  numbers += 1
  return aStoredLead(replicas[0], { phone: `+1415555${String(numbers).padStart(4, '0')}` })
}

const toE164 = (phone: string) => phone
const aClick = (leadId: string, n = 0) =>
  anActionCall<SmsRequest>({ leadId, message: 'Hi Anna' }, { caller: { tenant: ANA.tenant, actor: `user-${n}` } })
const click = (call: ActionCall<SmsRequest>, n = 0) => sendSms({ database: replicas[n % 2] as Database, toE164 }, call)
const resolve = ({ caller, key }: ActionCall, n = 0) =>
  resolveMutation(replicas[n % 2] as Database, { caller, key: key as never, ageMs: 5, createdAtMs: Date.now() })

async function smsOf(leadId: string): Promise<{ id: string; state: string }[]> {
  return replicas[0].query('select id, state from sync.sms_messages where lead_id = $1', [leadId])
}

/** Begins an SMS in an open transaction. */
async function clickUncommitted({ caller, key, actionName, fingerprint, request }: ActionCall<SmsRequest>): Promise<void> {
  const [lead] = await replicas[0].query<{ phone: string }>('select phone from public.leads where id = $1', [request.leadId])
  await session.query('begin')
  await session.query('select sync.run_send_sms($1, $2, $3, $4, $5, $6, 5, null, 600000, null, null)', [
    caller.tenant,
    caller.actor,
    key,
    actionName,
    fingerprint,
    JSON.stringify({ ...request, phone: lead?.phone, to: lead?.phone }),
  ])
}

const isDuplicate = (answer: ActionAnswer) => bodyOf(answer).duplicate === true

describe('a lead that is deleted at the same moment', () => {
  test('gets no SMS from a click that came while the deletion was under way', async () => {
    const leadId = await aLead()
    await session.query('begin')
    await session.query('delete from public.leads where id = $1', [leadId])
    const answer = click(aClick(leadId))
    await untilWaiting(observer)
    await session.query('commit')
    expect(await answer).toMatchObject({ status: 404, recorded: false })
    expect(await smsOf(leadId)).toEqual([])
  })

  test('takes along the SMS of a click that was under way', async () => {
    const leadId = await aLead()
    await clickUncommitted(aClick(leadId))
    const deletion = replicas[1].write('delete from public.leads where id = $1', [leadId])
    await untilWaiting(observer)
    await session.query('commit')
    await deletion
    expect(await smsOf(leadId)).toEqual([])
  })
})

describe('the same words of many people at the same moment', () => {
  test(`are one SMS, ${AT_ONCE} at once, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const leadId = await aLead()
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => click(aClick(leadId, n), n)))
      const [sms, ...others] = await smsOf(leadId)
      expect(others).toEqual([])
      expect(answers.map(({ status, ref }) => [status, ref])).toEqual(answers.map(() => [202, sms?.id]))
      expect(answers.filter((answer) => !isDuplicate(answer))).toHaveLength(1)
    }
  })

  test('wait for the first one, and are its SMS once it is committed', async () => {
    const leadId = await aLead()
    await clickUncommitted(aClick(leadId))
    const second = click(aClick(leadId, 1))
    await untilWaiting(observer)
    await session.query('commit')
    expect(isDuplicate(await second)).toBe(true)
    expect(await smsOf(leadId)).toHaveLength(1)
  })

  test('are the next one’s SMS when the first one is rolled back', async () => {
    const leadId = await aLead()
    await clickUncommitted(aClick(leadId))
    const second = click(aClick(leadId, 1))
    await untilWaiting(observer)
    await session.query('rollback')
    expect(isDuplicate(await second)).toBe(false)
    expect(await smsOf(leadId)).toEqual([{ id: (await second).ref, state: 'pending' }])
  })

  test('are one new SMS after an old one, also while the gate is being taken over', async () => {
    const leadId = await aLead()
    const old = await click(aClick(leadId))
    await replicas[0].write(`update sync.sms_messages set state = 'failed' where id = $1`, [old.ref])
    await clickUncommitted(aClick(leadId, 1))
    const third = click(aClick(leadId, 2))
    await untilWaiting(observer)
    await session.query('commit')
    expect(isDuplicate(await third)).toBe(true)
    expect(await smsOf(leadId)).toHaveLength(2)
  })
})

describe('one of two clicks with the same words', () => {
  test('is cancelled while the other one comes, and what stands is what both were told', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const leadId = await aLead()
      const [first, second] = [aClick(leadId), aClick(leadId, 1)]
      await click(first)
      const [resolved] = await Promise.all([resolve(first), click(second, 1)])
      expect(bodyOf(resolved)).toMatchObject({ state: 'abandoned' })
      // Joined before it was cancelled, or a new one after.
      expect((await smsOf(leadId)).filter(({ state }) => state === 'pending')).toHaveLength(1)
      expect(await findAnswer(replicas[0], second)).toMatchObject({ status: 202 })
    }
  })

  test('is cancelled at the same moment as the other one, and the SMS with both', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const leadId = await aLead()
      const clicks = [aClick(leadId), aClick(leadId, 1)]
      for (const one of clicks) await click(one)
      const states = (await Promise.all(clicks.map(resolve))).map((answer) => bodyOf(answer).state)
      expect([...states, await smsOf(leadId)]).toEqual(['abandoned', 'abandoned', [expect.objectContaining({ state: 'cancelled' })]])
    }
  })

  test('is cancelled while the SMS is claimed for sending, which the other one still wants', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const leadId = await aLead()
      const [first, second] = [aClick(leadId), aClick(leadId, 1)]
      const { ref } = await click(first)
      await click(second)
      const outbox = createSmsOutbox(replicas[1])
      const claim = () => outbox.claimOne(ref ?? '', { leaseMs: 15_000 })
      const [claimed, resolved] = await Promise.all([claim(), resolve(first)])
      // Whoever comes while it is being cancelled passes over it.
      const lease = claimed ?? (await claim())
      expect(lease).toMatchObject({ id: ref })
      await outbox.markAccepted({ id: ref ?? '', attempt: 1, leaseToken: '' }, { sid: `SM-${round}` })
      expect(await findAnswer(replicas[0], second)).toMatchObject({ status: 200 })
      // In time: withdrawn for good. Too late: it went out, and is told so.
      const { state } = bodyOf(resolved)
      expect((await findAnswer(replicas[0], first))?.status).toBe(state === 'abandoned' ? 410 : 200)
    }
  })
})
