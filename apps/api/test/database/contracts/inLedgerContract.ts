import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { ErrorCodeEntry } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import type { EffectInput } from '../../../src/engine/effects/Effect.js'
import { inLedger, type RunEffect } from '../../../src/engine/effects/inLedger.js'
import { answer, type EffectOutcome, refuse, reject } from '../../../src/engine/effects/outcome.js'
import type { TransactionPort } from '../../../src/engine/effects/TransactionPort.js'
import type { ActionCall } from '../../../src/engine/ledger/ActionCall.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { anActionCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { aStoredLead } from './rows.js'

const TABLE = `
create table if not exists public.deals (id integer primary key, n integer not null constraint deals_never_below_zero check (n >= 0));
create table if not exists public.deal_lines (deal integer references public.deals (id) deferrable initially deferred);
insert into public.deals values (1, 0) on conflict do nothing;`

const CODES: Record<string, ErrorCodeEntry> = {
  CREDIT_LIMIT: { status: 422, retryable: false, text: 'Above your credit limit.' },
  COME_BACK: { status: 409, retryable: true, text: 'Not yet.' },
}

/** One way to open the transactions of effects. */
export interface TransactionWay<Tx> {
  database: Database
  /** Absent: the database's own. */
  transaction?: TransactionPort<Tx>
  /** What becomes of a rule's name on its way through a library that writes the statement before it. @default as it is */
  reasonOf?: (reason: unknown, text: string) => unknown
  /** Runs SQL text without values, as a team's effect would. */
  run: (tx: Tx, text: string) => Promise<readonly unknown[]>
}

/** In the server's language, and without the value. */
const WRONG_ID = expect.stringMatching(/^22P02 (?!.*no-uuid)/)

/** What an effect in TypeScript may rely on, however its transaction is opened. */
export function inLedgerContract<Tx>(name: string, current: () => TransactionWay<Tx>): void {
  describe(`an effect in a transaction of ${name}`, () => {
    let way: TransactionWay<Tx>
    let database: Database

    beforeAll(async () => {
      way = current()
      database = way.database
      await database.script(TABLE)
    })

    const aCall = (fields: Partial<ActionCall<object>> = {}) => anActionCall({}, { errorCodes: CODES, ...fields })
    const runs = (effect: (input: EffectInput<Tx, object>) => Promise<EffectOutcome>): RunEffect<object> =>
      way.transaction === undefined ? inLedger(database, effect as never) : inLedger(database, effect, { transaction: way.transaction })
    const count = async () => Number((await database.query<{ n: number }>('select n from public.deals where id = 1'))[0]?.n)
    const add = (tx: Tx) => way.run(tx, 'update public.deals set n = n + 1 where id = 1 returning n')

    /** An effect that counts, and then does what it is told. */
    const counting = (next: (tx: Tx) => Promise<EffectOutcome>) =>
      runs(async ({ tx }) => {
        await add(tx)
        return next(tx)
      })
    const failing = (state: string) =>
      counting(async (tx) => {
        await way.run(tx, `do $do$ begin raise exception 'it failed' using errcode = '${state}'; end $do$`)
        return answer()
      })
    const known = (call: ActionCall) => findAnswer(database, call)

    test('takes effect once and replays its answer byte for byte', async () => {
      const [call, before] = [aCall(), await count()]
      const run = runs(async ({ tx, request, call: { caller } }) => {
        const [row] = await add(tx)
        return answer({ deal: row, request, by: caller.actor, text: 'ü "quoted" 🙂' }, { status: 201 })
      })
      const first = await run(call)
      expect(first).toMatchObject({ status: 201, recorded: true, replayed: false })
      expect(JSON.parse(first.body)).toEqual({ success: true, deal: { n: before + 1 }, request: {}, by: 'user-456', text: 'ü "quoted" 🙂' })
      expect(await run(call)).toEqual({ ...first, replayed: true })
      expect([await known(call), await count()]).toEqual([{ ...first, replayed: true }, before + 1])
    })

    test('takes effect once when many arrive together', async () => {
      const [call, before] = [aCall(), await count()]
      const run = counting(async () => answer())
      const answers = await Promise.all(Array.from({ length: 8 }, () => run(call)))
      expect(answers.filter(({ replayed, recorded }) => recorded && !replayed)).toHaveLength(1)
      expect([new Set(answers.map(({ status }) => status)), await count()]).toEqual([new Set([200]), before + 1])
    })

    test.each([
      ['declared', 'CREDIT_LIMIT', 422, 'Above your credit limit.'],
      ['of the common table', 'NOT_FOUND', 404, 'This record does not exist or is not yours. Nothing was changed.'],
      ['nobody declared', 'NOBODY_KNOWS', 422, 'This was refused (NOBODY_KNOWS).'],
    ])('says no with a code %s: undone and recorded by reject, without a trace by refuse', async (_which, code, status, error) => {
      const [call, before] = [aCall(), await count()]
      const rejected = await counting(async () => reject(code, { left: 5 }))(call)
      expect([rejected.status, rejected.recorded, JSON.parse(rejected.body)]).toEqual([
        status,
        true,
        { success: false, error, code, retryable: false, left: 5 },
      ])
      expect(await counting(async () => answer())(call)).toEqual({ ...rejected, replayed: true })
      expect(await count()).toBe(before)

      const later = aCall()
      expect(await counting(async () => refuse(code))(later)).toMatchObject({ status, recorded: false })
      expect([await known(later), await count()]).toEqual([null, before])
      expect(await counting(async () => answer())(later)).toMatchObject({ status: 200, replayed: false })
    })

    test('never records a code that promises another outcome, and tells when to come again', async () => {
      const call = aCall()
      expect(await counting(async () => reject('COME_BACK', { retryAfterMs: 2_500 }))(call)).toMatchObject({
        status: 409,
        recorded: false,
        retryAfterMs: 2_500,
      })
      expect(await known(call)).toBeNull()
    })

    test.each([
      ['a check', 'update public.deals set n = -1 where id = 1', '23514 deals_never_below_zero'],
      ['a check at the commit', 'insert into public.deal_lines values (99)', '23503 deal_lines_deal_fkey'],
      ['a wrong id', `select 'no-uuid'::uuid`, WRONG_ID],
      ['an exception', `do $do$ begin raise exception 'deal is archived'; end $do$`, 'P0001 deal is archived'],
    ])('that %s refuses is undone and refused for good, with the rule told to the log alone', async (_name, text, reason) => {
      const [call, before] = [aCall(), await count()]
      const run = counting(async (tx) => {
        await way.run(tx, text)
        return answer()
      })
      const refused = await run(call)
      expect(refused).toMatchObject({ status: 422, recorded: true, reason: way.reasonOf?.(reason, text) ?? reason })
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'EFFECT_REFUSED', retryable: false })
      expect(refused.body).not.toMatch(/archived|deals|uuid/)
      expect([await run(call), await count()]).toEqual([{ ...refused, replayed: true, reason: null }, before])
    })

    test.each(['40001', '40P01', '55P03'])('that fails with the state %s is busy, and leaves no trace', async (state) => {
      const [call, before] = [aCall(), await count()]
      expect(await failing(state)(call)).toMatchObject({ status: 503, recorded: false, retryAfterMs: 1_000 })
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test.each(['53300', '57014', '08006'])('that fails with the state %s is told that the database is unavailable', async (state) => {
      const [call, before] = [aCall(), await count()]
      await expect(failing(state)(call)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test.each(['42P01', 'XX000'])('that fails with the state %s fails as it is, and leaves no trace', async (state) => {
      const [call, before] = [aCall(), await count()]
      await expect(failing(state)(call)).rejects.not.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect([await known(call), await count()]).toEqual([null, before])
      expect(await counting(async () => answer())(call)).toMatchObject({ status: 200, replayed: false })
    })

    test('that throws fails with what it threw, and leaves no trace', async () => {
      const [call, before, mine] = [aCall(), await count(), new Error('not now')]
      await expect(counting(() => Promise.reject(mine))(call)).rejects.toBe(mine)
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test.each([
      ['nothing', undefined],
      ['a body', { success: true }],
      ['null', null],
    ])('that ends with %s instead of an answer is undone', async (_name, outcome) => {
      const [call, before] = [aCall(), await count()]
      await expect(counting(async () => outcome as never)(call)).rejects.toThrow('ended without an answer')
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test.each([
      ['reject', () => reject('CREDIT_LIMIT'), 'return reject('],
      ['refuse', () => refuse('CREDIT_LIMIT'), 'return refuse('],
      ['answer', () => answer(), 'return answer('],
    ])('that throws %s(…) instead of returning it is undone, and told so', async (_name, outcome, advice) => {
      const [call, before] = [aCall(), await count()]
      const run = counting(async () => {
        throw outcome()
      })
      await expect(run(call)).rejects.toThrow(advice)
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test.each(['with a key', 'without one'])('that goes on after a failed statement is undone (%s)', async (which) => {
      const [call, before] = [aCall(which === 'with a key' ? {} : { key: null }), await count()]
      const run = counting(async (tx) => {
        await way.run(tx, 'select 1 / 0').catch(() => undefined)
        return answer()
      })
      await expect(run(call)).rejects.toThrow('although a statement of its had failed')
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test('stands whatever it did not await: what comes after its answer reaches nothing, and is told', async () => {
      const [call, before] = [aCall(), await count()]
      const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
      // Between the recorded answer and the commit: one that failed there would undo both, and no library tells that.
      const late = { said: new Promise<unknown>(() => undefined) }
      const run = counting(async (tx) => {
        late.said = new Promise((resolve) => setImmediate(() => void way.run(tx, 'select 1 / 0').then(resolve, resolve)))
        return answer()
      })
      const first = await run(call)
      expect(String(await late.said)).toContain('This transaction has ended')
      expect([await known(call), await count()]).toEqual([{ ...first, replayed: true }, before + 1])
      expect(warned.mock.calls).toEqual([[expect.stringContaining('This transaction has ended'), 'InLedgerWarning']])
      warned.mockRestore()
    })

    test('may not go past its transaction', async () => {
      const [call, before] = [aCall(), await count()]
      const past: ((tx: Tx) => Promise<unknown>)[] = [
        () => database.query('select 1'),
        () => database.write('update public.deals set n = 100'),
        () => database.script('update public.deals set n = 100'),
        () => database.transaction((tx) => tx.query('update public.deals set n = 100')),
        () => counting(async () => answer())(aCall()),
      ]
      for (const go of past) {
        const run = counting(async (tx) => {
          await go(tx)
          return answer()
        })
        await expect(run(call)).rejects.toThrow(/^A query went past the transaction of its effect/)
      }
      expect([await known(call), await count()]).toEqual([null, before])
    })

    test('knows who acts, waits as the team’s own do, and versions what it changes', async () => {
      const lead = await aStoredLead(database)
      const claims = { sub: 'user-456', app_metadata: { org_id: 'org-1' } }
      const call = aCall()
      const run = runs(async ({ tx }) => {
        const [settings] = await way.run(
          tx,
          `select current_setting('lock_timeout') as wait, current_setting('request.jwt.claims') as claims`,
        )
        await way.run(tx, `update public.leads set name = 'Renamed' where id = '${lead}'`)
        return answer({ settings })
      })
      const ran = await run({ ...call, caller: { ...call.caller, claims } })
      expect(JSON.parse(ran.body).settings).toEqual({ wait: '0', claims: JSON.stringify(claims) })
      expect(
        await database.query('select sync_by as updated_by, sync_key as last_mutation_key from public.leads where id = $1', [lead]),
      ).toEqual([{ updated_by: 'user-456', last_mutation_key: call.key }])
    })

    test('is not run for a key that is too late, used for something else, refused before, or forgotten', async () => {
      const before = await count()
      const run = counting(async () => answer())
      expect(await run(aCall({ ageMs: 60_001 }))).toMatchObject({ status: 410, recorded: true })
      expect(await run(aCall({ createdAtMs: 1 }))).toMatchObject({ status: 410, recorded: false })
      const refusal = { code: 'RATE_LIMITED', retryAfterMs: 5_000 } as const
      expect(await run(aCall(), { refusal })).toMatchObject({ status: 429, recorded: false, retryAfterMs: 5_000 })
      expect(await count()).toBe(before)
      const call = aCall()
      const first = await run(call)
      expect(await run(call, { refusal })).toEqual({ ...first, replayed: true })
      expect(await run({ ...call, fingerprint: 'v1:other' })).toMatchObject({ status: 422, recorded: false })
      expect(await count()).toBe(before + 1)
    })

    test('without a key runs each time, and records nothing', async () => {
      const [call, before] = [aCall({ key: null }), await count()]
      const run = counting(async () => answer())
      expect([await run(call), await run(call)]).toMatchObject([{ recorded: false }, { recorded: false, replayed: false }])
      expect(await count()).toBe(before + 2)
    })

    test('is told to whoever listens for commits', async () => {
      if (way.transaction !== undefined) return
      let heard = 0
      const stop = database.onCommit(() => (heard += 1))
      await counting(async () => refuse('NOT_FOUND'))(aCall())
      expect(heard).toBe(0)
      await counting(async () => answer())(aCall())
      expect(heard).toBe(1)
      stop()
    })
  })
}

test.each([199, 202, 204, 205, 300, 400, Number.NaN])('an answer cannot have the status %d', (status) => {
  expect(() => answer({}, { status })).toThrow(RangeError)
})
