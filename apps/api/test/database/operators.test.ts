import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { twilioSignature } from '@org/stand-ins'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { decideSms } from '../../src/commands/decideSms.js'
import { inspect } from '../../src/commands/inspect.js'
import { REPLICA } from '../../src/engine/database/connectionName.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { type Config, type Database, loadConfig, seedDemo } from '../../src/index.js'
import { TwilioCircuitBreaker } from '../../src/modules/sms/breaker/TwilioCircuitBreaker.js'
import { aKey, startTestApi, type TestApi } from '../harness.js'
import { endAll } from '../support/endAll.js'
import { until } from '../support/until.js'

let server: PostgresServer
let database: Database
let api: TestApi
let config: Config
const breaker = new TwilioCircuitBreaker()

beforeAll(async () => {
  server = await startPostgres()
  const databaseUrl = await server.createDatabase()
  api = await startTestApi({
    database: await openDatabase({ databaseUrl, dataDirectory: ':memory:' }),
    overrides: { breaker },
  })
  database = api.dependencies.database
  await seedDemo(database)
  config = loadConfig({ DATABASE_URL: databaseUrl }, { purpose: 'database' })
})

afterAll(() =>
  endAll(
    () => api.stop(),
    () => server.stop(),
  ),
)

const look = (kind: string, id: string, organisation: string | null = null) => inspect(config, { kind, id, organisation, json: false })
const lookAsProgram = async (kind: string, id: string) =>
  JSON.parse((await inspect(config, { kind, id, organisation: 'org-1', json: true })) ?? 'null')
const send = (message: string, { key = aKey(), user = 'ana' as const, leadId = 'lead-123' } = {}) =>
  api.request('/api/leads/send-sms', { key, user, body: { leadId, message } })
const smsIdOf = async (message: string) => {
  const [row] = await database.query<{ id: string }>('select id from sync.sms_messages where message = $1', [message])
  return row?.id ?? ''
}
const stateOf = async (id: string) =>
  (await database.query<{ state: string }>('select state from sync.sms_messages where id = $1', [id]))[0]?.state

describe('what a support desk is asked', () => {
  test('did it go out? With when, by which attempt, who said so, and where it was clicked', async () => {
    const key = aKey()
    await send('Did it go out', { key })
    const id = await smsIdOf('Did it go out')
    await until(async () => (await stateOf(id)) === 'delivered')
    const text = await look('key', key)
    expect(text).toMatch(new RegExp(`SMS ${id} to …0123: went out at \\S+Z and was delivered \\(SM\\w+\\)\\. It was sent once\\.`))
    expect(text).toContain('sms.send of user-456: took effect (200).')
    expect(text).toMatch(new RegExp(`user-456 clicked sms.send; it arrived \\(key ${key}, replica ${REPLICA}\\)`))
    // A callback may overtake the answer to the call.
    expect(text).toMatch(
      new RegExp(`SMS ${id}: attempt 1 begins, replica ${REPLICA}\n.*(Twilio's answer to attempt 1: accepted|Twilio called back: sent)`),
    )
    expect(text).toMatch(/Twilio called back: delivered/)
    expect(await look('sms', id)).toContain(key)
    expect(await look('lead', 'lead-123')).toContain(key)
    const sid = (await lookAsProgram('sms', id)).verdicts[0].sids[0]
    expect((await lookAsProgram('sms', sid)).verdicts[0]).toMatchObject({
      about: 'sms',
      id,
      wentOut: 'yes',
      stuck: false,
      state: 'delivered',
    })
    // What was written to the person, and to which number, is nobody's business here.
    expect(text).not.toMatch(/Did it go out|\+1202555/)
  })

  test('who confirmed this? Also when the change log has forgotten it', async () => {
    const key = aKey()
    await api.request('/api/bookings/confirm', { key, user: 'ben', body: { appointmentId: 'apt-123' } })
    const text = await look('appointment', 'apt-123')
    expect(text).toMatch(
      new RegExp(`appointments apt-123: version 2, status confirmed, last changed by user-789 at .* with the click ${key}`),
    )
    expect(text).toContain('appointments apt-123 was changed by user-789: version 2, status confirmed')
    expect(text).toContain('booking.confirm of user-789: took effect (200).')
    await database.write("delete from sync.change_log where pk = 'apt-123'")
    expect(await look('appointments', 'apt-123')).toContain(`user-789 clicked booking.confirm; it arrived (key ${key}`)
  })

  test('why did it fail? By the person: the code, the words, and what the carrier said', async () => {
    await api.twilio.setFaults({ mode: 'error', code: 21211, times: 1 })
    await send('Why did it fail')
    await api.request('/api/bookings/confirm', { key: aKey(), user: 'ana', body: { appointmentId: 'apt-123' } })
    const text = await look('person', 'user-456', 'org-1')
    expect(text).toMatch(/sms\.send of user-456: did not take effect: 422 SMS_REJECTED, "The SMS was rejected by the carrier/)
    expect(text).toMatch(/did not go out: .*\(21211, see https:\/\/www\.twilio\.com\/docs\/api\/errors\/21211\)/)
    expect(text).toContain('booking.confirm of user-456: did not take effect: 409 ALREADY_CONFIRMED')
    expect(await look('person', 'user-456', 'org-2')).toBeNull()
  })

  test('is it stuck? What waits says for what; what nobody works on says so', async () => {
    await api.twilio.setFaults({ mode: 'refused' })
    const key = aKey()
    await send('Is it stuck', { key })
    const id = await smsIdOf('Is it stuck')
    await until(async () => (await stateOf(id)) === 'pending')
    const waiting = await lookAsProgram('key', key)
    expect(waiting.verdicts).toMatchObject([
      { about: 'sms', wentOut: 'no', stuck: false, state: 'pending' },
      { about: 'click', status: 202, recorded: false, text: 'sms.send of user-456: accepted, and not finished yet.' },
    ])
    expect(waiting.verdicts[0].text).toMatch(/has not gone out yet, and is not stuck: the next attempt is due at .*Z\. The last attempt: /)
    await database.write("update sync.sms_dispatch set due_at = now() - interval '10 minutes' where sms_id = $1", [id])
    breaker.isolate()
    expect((await lookAsProgram('sms', id)).verdicts[0]).toMatchObject({
      stuck: true,
      text: expect.stringMatching(/is stuck: it was due at .*Z, and no replica works on it/),
    })
    breaker.reset()
    await api.twilio.setFaults()
  })

  test('was it sent twice? Once for two clicks of the same words; twice is said, with both numbers of Twilio', async () => {
    const [first, second] = [aKey(), aKey()]
    await send('Sent twice', { key: first })
    await send('Sent twice', { key: second, user: 'ben' as never })
    const id = await smsIdOf('Sent twice')
    const once = await look('sms', id)
    expect(once).toContain('It was sent once. 2 clicks with the same words meant this one SMS.')
    expect(once).toContain(first)
    expect(once).toContain(second)
    expect(once).not.toMatch(/It was sent \d/)
    const url = `${api.config.publicUrl}/api/webhooks/twilio/status?mid=${id}&attempt=1`
    const form = { MessageSid: 'SM0000000000000000000000000000dead', MessageStatus: 'delivered' }
    await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': twilioSignature(api.twilio.authToken, url, form),
      },
      body: new URLSearchParams(form).toString(),
    })
    const twice = await look('sms', id)
    expect(twice).toMatch(/It was sent 2 times: SM\w+, SM0000000000000000000000000000dead\./)
    expect(twice).toContain('Twilio reported a second message')
  })
})

describe('a decision by hand', () => {
  const decide = (decision: 'retry' | 'cancel', smsId: string, { organisation = 'org-1', mayArriveTwice = false } = {}) =>
    decideSms(config, { decision, smsId, organisation, mayArriveTwice })

  /** An SMS whose answer was lost and which Twilio's list did not show. */
  async function leftToPerson(message: string): Promise<string> {
    breaker.reset()
    await api.twilio.setFaults({ mode: 'refused' })
    await send(message)
    const id = await smsIdOf(message)
    await until(async () => (await stateOf(id)) === 'pending')
    await database.write('update sync.sms_dispatch set attempt = 1, attempted_at = now(), due_at = null, listings = 3 where sms_id = $1', [
      id,
    ])
    await database.write("select sync.set_sms_state($1, 'indeterminate')", [id])
    return id
  }

  test('sends at once what waits, and withdraws it while it waits', async () => {
    await api.twilio.setFaults({ mode: 'refused' })
    await send('By hand')
    const id = await smsIdOf('By hand')
    // Nothing is tried while the circuit is open, and what was tried meanwhile has its answer: it stands still.
    breaker.isolate()
    await until(async () => (await stateOf(id)) === 'pending')
    await database.write("update sync.sms_dispatch set due_at = now() + interval '1 hour' where sms_id = $1", [id])
    expect(await decide('retry', id, { organisation: 'org-2' })).toMatchObject({
      done: false,
      text: expect.stringContaining('no such SMS'),
    })
    expect(await decide('retry', id)).toMatchObject({ done: true })
    expect(await database.query('select due_at <= now() as due from sync.sms_dispatch where sms_id = $1', [id])).toEqual([{ due: true }])
    expect(await decide('cancel', id)).toMatchObject({ done: true })
    expect(await stateOf(id)).toBe('cancelled')
    expect(await decide('retry', id)).toMatchObject({ done: false, text: expect.stringContaining('has its end') })
    await api.twilio.setFaults()
    breaker.reset()
  })

  test('sends what may have gone out once more for whoever says that it may arrive twice, and never by itself again', async () => {
    const id = await leftToPerson('Left to a person')
    expect((await lookAsProgram('sms', id)).verdicts[0]).toMatchObject({
      wentOut: 'not known',
      stuck: true,
      text: expect.stringMatching(/a person decides/),
    })
    expect(await decide('retry', id)).toMatchObject({ done: false, text: expect.stringContaining('--may-arrive-twice') })
    expect(await stateOf(id)).toBe('indeterminate')
    expect(await decide('retry', id, { mayArriveTwice: true })).toMatchObject({ done: true })
    breaker.reset()
    await api.twilio.setFaults()
    await until(async () => (await stateOf(id)) === 'delivered')
    const text = await look('sms', id)
    expect(text).toMatch(/@.* asked for sms\.retry of SMS/)
    expect(text).toContain('indeterminate became pending: A person decided to send it once more.')
    expect(await database.query('select resent from sync.sms_dispatch where sms_id = $1', [id])).toEqual([{ resent: true }])
  })

  test('that withdraws what may have gone out says so, and leaves what Twilio has', async () => {
    const id = await leftToPerson('Withdrawn too late')
    expect(await decide('cancel', id)).toMatchObject({ done: true, text: expect.stringContaining('It may have gone out already') })
    expect(await decide('retry', id, { mayArriveTwice: true })).toMatchObject({ done: false, text: expect.stringContaining('withdrawn') })
    breaker.reset()
    await api.twilio.setFaults()
    await send('Twilio has it')
    const has = await smsIdOf('Twilio has it')
    await until(async () => (await stateOf(has)) === 'delivered')
    expect(await decide('cancel', has)).toMatchObject({ done: false, text: expect.stringContaining('Twilio has it already') })
  })
})

describe('the audit', () => {
  test('holds every look and every decision, also one that found nothing, and by whom', async () => {
    expect(await look('key', 'no-such-key-00000000')).toBeNull()
    const rows = await database.query(
      "select actor, door, role, verb, tenant, about_kind, about from sync.audit where about = 'no-such-key-00000000'",
    )
    expect(rows).toEqual([
      {
        actor: expect.stringMatching(/.@./),
        door: 'org-api',
        role: 'postgres',
        verb: 'inspect',
        tenant: null,
        about_kind: 'key',
        about: 'no-such-key-00000000',
      },
    ])
    const decisions = await database.query("select count(*)::int as count from sync.audit where verb in ('sms.retry', 'sms.cancel')")
    expect(decisions).toEqual([{ count: expect.any(Number) }])
    expect(decisions[0]?.count).toBeGreaterThan(7)
  })

  test('cannot be taken back before its time, and goes after it', async () => {
    const before = await database.query('select count(*)::int as count from sync.audit')
    await expect(database.write('delete from sync.audit')).rejects.toMatchObject({ message: expect.stringContaining('only added to') })
    await expect(database.write("update sync.audit set actor = 'somebody else'")).rejects.toThrow('only added to')
    expect(await database.query('select count(*)::int as count from sync.audit')).toEqual(before)
    await database.script(`
      alter table sync.audit disable trigger keep_audit;
      update sync.audit set at = now() - interval '401 days' where about = 'no-such-key-00000000';
      alter table sync.audit enable trigger keep_audit;`)
    expect(await database.write('select sync.delete_old_audit(1000) as deleted')).toEqual([{ deleted: 1 }])
  })
})
