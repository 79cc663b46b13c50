import { describe, expect, it } from '@jest/globals'
import { answer, refuse, reject } from './outcome.js'

class Deal {
  constructor(readonly id: string) {}
}

describe('the fields of an outcome', () => {
  it('may be left out, a plain object, or what a class made of them', () => {
    expect([answer(), answer(undefined), answer({ id: '1' }), answer({ ...new Deal('1') }), answer(new Deal('1') as never)]).toEqual(
      ['{"success":true}', '{"success":true}', ...Array(3).fill('{"success":true,"id":"1"}')].map((body) => ({
        kind: 'answer',
        status: 200,
        body,
      })),
    )
    expect(answer(Object.assign(Object.create(null), { id: '1' }))).toMatchObject({ body: '{"success":true,"id":"1"}' })
  })

  // Each would be recorded for good as an answer without them.
  it.each([
    ['null', null],
    ['a text', 'Above your limit.'],
    ['a number', 7],
    ['a list', [{ id: '1' }]],
    ['a promise nobody awaited', Promise.resolve({ id: '1' })],
    ['a map', new Map([['id', '1']])],
    ['a date', new Date(0)],
    ['bytes', Buffer.from('a')],
    ['a function', () => ({ id: '1' })],
  ])('are not %s', (_what, fields) => {
    for (const make of [() => answer(fields as never), () => reject('NO', fields as never), () => refuse('NO', fields as never)])
      expect(make).toThrow(/^(answer|reject|refuse): .* must be an object of fields, and is /)
  })
})

it.each([undefined, null, '', 7])('a no without a code (%j) is refused', (code) => {
  for (const make of [() => reject(code as never), () => refuse(code as never)])
    expect(make).toThrow(/^(reject|refuse): the code must be a text/)
})

it.each(['soon', null, Number.NaN, new Date(0)])('a time to come again that is no number (%p) is refused', (retryAfterMs) => {
  expect(() => refuse('LATER', { retryAfterMs })).toThrow('refuse: retryAfterMs must be a number of milliseconds')
})
