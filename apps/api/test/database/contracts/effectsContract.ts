import { beforeAll, describe, expect, test } from '@jest/globals'
import type { ErrorCodeEntry } from '@org/contracts'
import { meaningOf } from '../../../src/engine/codes/meaningOf.js'
import { refusalBody } from '../../../src/engine/codes/refusalBody.js'
import type { Database } from '../../../src/engine/database/Database.js'
import { sqlStateOf } from '../../../src/engine/database/DatabaseError.js'
import { endingOfError, reasonOfError } from '../../../src/engine/database/endingOfError.js'
import { QUOTING } from '../../../src/engine/database/testing/quoting.js'
import type { ActionCall } from '../../../src/engine/ledger/ActionCall.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { lookUpMutation } from '../../../src/engine/ledger/lookUpMutation.js'
import { runAction } from '../../../src/engine/ledger/runAction.js'
import { anActionCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { literal, PROBE } from './probe.js'

const CODES: Record<string, ErrorCodeEntry> = {
  CREDIT_LIMIT: { status: 422, retryable: false, text: 'Above your credit limit.' },
  COME_BACK: { status: 409, retryable: true, text: 'Not yet.' },
}

/** In the server's language, and without the value. */
const WRONG_ID = expect.stringMatching(/^22P02 (?!.*no-uuid)/)

/** What any effect may do, whatever it is about. */
export function effectsContract(current: () => Database): void {
  describe('an effect', () => {
    let database: Database

    beforeAll(async () => {
      database = current()
      await database.script(PROBE)
    })

    const aCall = (say: string, fields: Partial<ActionCall> = {}) => anActionCall({ say }, { errorCodes: CODES, ...fields })
    const run = (call: ActionCall) => runAction(database, { effect: 'probe', call })
    const count = async () => Number((await database.query<{ n: number }>('select n from public.probes'))[0]?.n)

    /** What one call of the effect came to, and whether it took effect. */
    async function outcomeOf(say: string, fields: Partial<ActionCall> = {}) {
      const before = await count()
      const call = aCall(say, fields)
      const answer = await run(call)
      const known = (await findAnswer(database, call)) !== null
      return { ...answer, call, known, body: JSON.parse(answer.body), changed: (await count()) - before }
    }

    test.each([
      ['declared with defineAction', 'CREDIT_LIMIT', 422, 'Above your credit limit.'],
      ['declared with define_action', 'SQL_LIMIT', 409, 'SQL says no.'],
      ['of the common table', 'OPTED_OUT', 422, 'This person asked not to get SMS any more (STOP). Nothing was sent.'],
      ['nobody declared', 'NOBODY_KNOWS', 422, 'This was refused (NOBODY_KNOWS).'],
    ])('says no with a code %s: recorded by reject, without a trace by refuse', async (_which, code, status, error) => {
      const rejected = await outcomeOf(`select * from sync.reject('${code}')`)
      expect(rejected).toMatchObject({ status, recorded: true, known: true, body: { success: false, code, error, retryable: false } })
      expect(await run(rejected.call)).toMatchObject({ status, replayed: true })
      const refused = await outcomeOf(`select sync.refuse('${code}')`)
      expect(refused).toMatchObject({ status, recorded: false, known: false, changed: 0, body: { success: false, code, error } })
    })

    test.each([
      ['null', `null`],
      ['empty', `''`],
      ['white space', `'  '`],
    ])('says no without a code (%s) as a rule of the database does', async (_name, code) => {
      for (const say of [`select * from sync.reject(${code})`, `select sync.refuse(${code})`]) {
        expect((await outcomeOf(say)).body).toMatchObject({ success: false, code: 'EFFECT_REFUSED', retryable: false })
      }
    })

    test.each([
      ['null', 'null', {}],
      ['a list', `'[1]'`, {}],
      ['a text', `'"no"'`, {}],
      ['fields of a refusal', `'{"success": true, "code": "OK", "retryable": true, "error": 7, "limit": 5}'`, { limit: 5 }],
      ['a text of its own', `'{"error": "Only 5 € left."}'`, { error: 'Only 5 € left.' }],
    ])('says no with %s beside the code', async (_name, extra, shown) => {
      const expected = { success: false, error: 'Above your credit limit.', code: 'CREDIT_LIMIT', retryable: false, ...shown }
      expect((await outcomeOf(`select * from sync.reject('CREDIT_LIMIT', ${extra})`)).body).toEqual(expected)
      expect((await outcomeOf(`select sync.refuse('CREDIT_LIMIT', ${extra})`)).body).toEqual(expected)
      const given = extra === 'null' ? undefined : JSON.parse(extra.slice(1, -1))
      expect(refusalBody(meaningOf('CREDIT_LIMIT', CODES), given)).toEqual(expected)
    })

    test.each(['COME_BACK', 'ROW_BUSY', 'INTERNAL'])('never records the code %s, which promises another outcome', async (code) => {
      const { call, ...answer } = await outcomeOf(`select * from sync.reject('${code}')`)
      expect(answer).toMatchObject({ recorded: false, known: false, changed: 0, body: { code, retryable: true } })
    })

    test('tells how long to wait, within a day', async () => {
      const say = (ms: string) => outcomeOf(`select sync.refuse('COME_BACK', '{"retryAfterMs": ${ms}}')`)
      expect(await say('2500')).toMatchObject({ retryAfterMs: 2_500, body: { retryAfterMs: 2_500 } })
      expect(await say('1e300')).toMatchObject({ retryAfterMs: 86_400_000 })
      expect(await say('-1')).toMatchObject({ retryAfterMs: 0 })
      expect((await say('"soon"')).retryAfterMs).toBeNull()
    })

    test('means the same by a code here and in SQL', async () => {
      for (const code of [
        'NOT_FOUND',
        'CREDIT_LIMIT',
        'COME_BACK',
        'NOBODY',
        'x'.repeat(100),
        ` ${'é'.repeat(64)}z `,
        'toString',
        '__proto__',
      ]) {
        const [row] = await database.query(
          `select m.code, m.status, m.retryable, m.text from (select set_config('sync.codes', $2, true)) s, lateral sync.meaning_of($1 || left(s.set_config, 0)) m`,
          [code, JSON.stringify(CODES)],
        )
        expect(row).toEqual(meaningOf(code, CODES))
      }
    })

    test.each([
      `row(99, '{}', null)`,
      `row(302, '{}', null)`,
      `row(1000, '{}', null)`,
      `row(-1, '{}', null)`,
      `row(500, '{}', null)`,
      `row(202, '{}', null)`,
      `row(204, '', null)`,
      `row(200, null, null)`,
      `row(null, '{}', null)`,
      `row(null, null, 'some-row')`,
      `null::sync.outcome`,
    ])('that answers with %s is undone, told as our fault, and may be tried again', async (outcome) => {
      const before = await count()
      const call = aCall(`select (o).* from (select ${outcome}::sync.outcome as o) x`)
      await expect(run(call)).rejects.toThrow(/^The effect sync\.probe answered with .* so it was undone\./)
      expect([await findAnswer(database, call), await count()]).toEqual([null, before])
    })

    test.each(['no JSON', '{"a": "\\u0000"}', ''])('may answer with any text (%j), which is found again', async (body) => {
      for (const status of [200, 410]) {
        const call = aCall(`select ${status}, ${literal(body)}, null::text`)
        expect(await run(call)).toMatchObject({ status, body, recorded: true })
        expect(JSON.parse((await lookUpMutation(database, keyed(call))).body)).toMatchObject({ state: 'recorded', status, body })
      }
    })

    test.each([
      ['a check', 'update public.probes set n = -1', '23514 probes_never_below_zero'],
      ['a unique key', 'insert into public.probes values (1, 1)', '23505 probes_pkey'],
      ['a wrong id', `select 'no-uuid'::uuid::text`, WRONG_ID],
      ['a number that is too large', 'select (2147483647 + length(now()::text))::text', expect.stringMatching(/^22003 /)],
      ['an exception', `do $do$ begin raise exception 'lead is archived'; end $do$`, 'P0001 lead is archived'],
      ['a state of the team’s own', `do $do$ begin raise exception 'paid already' using errcode = 'DL001'; end $do$`, 'DL001 paid already'],
    ])('that %s refuses is undone and refused for good, with the rule told to the log alone', async (_name, then, reason) => {
      const { call, ...answer } = await outcomeOf(then)
      expect(answer).toMatchObject({ status: 422, recorded: true, known: true, changed: 0, reason })
      expect(answer.body).toEqual({
        success: false,
        error: 'A rule of the database did not allow this, so nothing was changed.',
        code: 'EFFECT_REFUSED',
        retryable: false,
      })
      expect(await run(call)).toMatchObject({ status: 422, replayed: true, reason: null })
    })

    test('without a key is refused in the same way, and nothing is recorded', async () => {
      const answer = await outcomeOf('update public.probes set n = -1', { key: null })
      expect(answer).toMatchObject({ status: 422, recorded: false, changed: 0, body: { code: 'EFFECT_REFUSED' } })
    })

    test.each([
      ['22012', 'refused'],
      ['23503', 'refused'],
      ['23P01', 'refused'],
      ['44000', 'refused'],
      ['54000', 'refused'],
      ['P0001', 'refused'],
      ['CR402', 'refused'],
      ['40001', 'busy'],
      ['40P01', 'busy'],
      ['55P03', 'busy'],
      ['55006', 'busy'],
      ['42P01', null],
      ['42501', null],
      ['XX000', null],
      ['P0002', null],
      ['0A000', null],
      ['58030', null],
    ] as const)('that fails with the state %s comes to %s, in SQL as here', async (state, ending) => {
      const call = aCall(`do $do$ begin raise exception 'it failed' using errcode = '${state}'; end $do$`)
      const ran = await run(call).then(
        ({ status, body }) => ({ status, code: JSON.parse(body).code }),
        (error) => sqlStateOf(error),
      )
      const expected = { refused: { status: 422, code: 'EFFECT_REFUSED' }, busy: { status: 503, code: 'ROW_BUSY' } }
      expect(ran).toEqual(ending === null ? state : expected[ending])
      expect((await findAnswer(database, call)) !== null).toBe(ending === 'refused')
      expect(endingOfError({ code: state })).toBe(ending)
    })

    test.each(['53300', '57014', '57P01', '08006'])(
      'that fails with the state %s is told that the database is unavailable',
      async (state) => {
        const call = aCall(`do $do$ begin raise exception 'it failed' using errcode = '${state}'; end $do$`)
        await expect(run(call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
        expect(await findAnswer(database, call)).toBeNull()
      },
    )

    test('gives the same reason here and in SQL, whatever language the server speaks', async () => {
      for (const error of [
        { code: '23514', constraint: 'n_positive', message: 'new row violates' },
        { code: '22P02', message: 'invalid input syntax for type uuid: "a"b"' },
        { code: 'P0001', message: `paid "twice" ${'x'.repeat(600)}` },
        ...QUOTING.map((message) => ({ code: '22P02', message })),
      ]) {
        const [row] = await database.query('select sync.reason_of_error($1, $2, $3) as it', [
          error.code,
          error.constraint ?? '',
          error.message,
        ])
        expect(row?.it).toBe(reasonOfError(error))
      }
    })

    test('whose request the database cannot read is refused for good, unless the key is known', async () => {
      const call = aCall(`select 200, '{}', null::text`)
      const unreadable = { ...aCall(''), request: { say: 'a\u0000b' } }
      expect(await run(unreadable)).toMatchObject({ status: 422, recorded: true, reason: expect.stringMatching(/^22P0/) })
      const first = await run(call)
      expect(await run({ ...call, request: { say: '\ud800' } })).toEqual({ ...first, replayed: true })
    })

    test('acts as the caller for the team’s policies', async () => {
      const claims = { sub: 'user-456', app_metadata: { org_id: 'org-1' } }
      const call = aCall(`select 200, current_setting('request.jwt.claims'), null::text`)
      expect(JSON.parse((await run({ ...call, caller: { ...call.caller, claims } })).body)).toEqual(claims)
      const after = await run(
        aCall(`select 200, json_build_object('claims', current_setting('request.jwt.claims', true))::text, null::text`),
      )
      expect(JSON.parse(after.body).claims || null).toBeNull()
    })
  })
}

const keyed = ({ caller, key }: ActionCall) => ({ caller, key: key as NonNullable<ActionCall['key']> })
