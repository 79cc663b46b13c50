import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/engine/database/Database.js'
import { runAction } from '../../../src/engine/ledger/runAction.js'
import { anActionCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { literal, PROBE } from './probe.js'

/** What is refused when an action is defined, rather than at each click. */
export function defineActionContract(current: () => Database): void {
  describe('define_action', () => {
    beforeAll(() => current().script(PROBE))

    const define = (codes: string) => current().script(`call sync.define_action('probe', p_codes => ${literal(codes)})`)

    test.each([
      ['[]', 'the codes are an object by code'],
      ['{"lower": {}}', 'a code is capital letters, digits and "_", received "lower"'],
      ['{"NOT_FOUND": {"status": 404, "retryable": false, "text": "x"}}', 'NOT_FOUND has a meaning of its own'],
      ['{"A": 7}', 'A needs a status, "retryable" and a text'],
      ['{"A": {"retryable": false, "text": "x"}}', 'A needs a status of 400 to 499, received none'],
      ['{"A": {"status": "422", "retryable": false, "text": "x"}}', 'A needs a status of 400 to 499, received "422"'],
      ['{"A": {"status": 503, "retryable": true, "text": "x"}}', 'A needs a status of 400 to 499, received 503'],
      ['{"A": {"status": 200, "retryable": false, "text": "x"}}', 'A needs a status of 400 to 499, received 200'],
      ['{"A": {"status": 422.5, "retryable": false, "text": "x"}}', 'A needs a status of 400 to 499, received 422.5'],
      ['{"A": {"status": 422, "text": "x"}}', 'A needs "retryable"'],
      ['{"A": {"status": 429, "retryable": false, "text": "x"}}', 'A says no for good'],
      ['{"A": {"status": 422, "retryable": false, "text": " "}}', 'A needs a text'],
    ])('refuses the codes %s with a sentence', async (codes, sentence) => {
      await expect(define(codes)).rejects.toThrow(`define_action('probe'): ${sentence}`)
    })

    test.each([
      ["'nobody_made_it'", 'there is no function sync.nobody_made_it(sync.action_call, jsonb) that returns sync.outcome'],
      ["'wrong_effect'", 'there is no function sync.wrong_effect(sync.action_call, jsonb)'],
      ["'probe', p_outcome_of => 'nobody_tells'", 'there is no function sync.nobody_tells(text) that returns sync.outcome'],
      ["'probe', p_outcome_of => 'told_probe', p_cancel => 'nobody_cancels'", 'there is no function sync.nobody_cancels(text)'],
      ["'Probe'", 'the name of an effect is small letters'],
      ["'a-b'", 'the name of an effect is small letters'],
      [`'${'x'.repeat(60)}'`, 'the name of an effect is small letters'],
      ['null', 'the name of an effect is small letters'],
    ])('refuses an effect that no click could reach (%s)', async (call, sentence) => {
      await current().script(`create or replace function sync.wrong_effect(p_call sync.action_call, p_request jsonb) returns text language sql return 'x';
        create or replace function sync.told_probe(p_ref text) returns sync.outcome language sql return row(200, '{}', null)::sync.outcome`)
      await expect(current().script(`call sync.define_action(${call})`)).rejects.toThrow(sentence)
      expect(await current().query("select from sync.actions where effect in ('nobody_made_it', 'wrong_effect', 'Probe', 'a-b')")).toEqual(
        [],
      )
    })

    test('may be called again, with other codes', async () => {
      await define('{"OTHER": {"status": 402, "retryable": false, "text": "Pay first."}}')
      const answer = await runAction(current(), { effect: 'probe', call: anActionCall({ say: `select * from sync.reject('OTHER')` }) })
      expect(answer.status).toBe(402)
      await current().script(PROBE)
    })
  })
}
