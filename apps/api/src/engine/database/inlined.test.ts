import { expect, test } from '@jest/globals'
import { inlined, isInlinable } from './inlined.js'
import { statement } from './Statement.js'

test('writes each value as a literal, whatever is in it', () => {
  expect(inlined(statement`select ${"O'Neill"}::text, ${null}::text, ${-5}::bigint, ${true}, ${'a\\b'}::text, ${'$1'}`)).toBe(
    `select 'O''Neill'::text, null::text, -5::bigint, true,  E'a\\\\b'::text, '$1'`,
  )
})

test('tells what cannot be written so', () => {
  expect(isInlinable(statement`select ${'a'}, ${1}, ${null}`)).toBe(true)
  expect(isInlinable(statement`select ${'a\0b'}`)).toBe(false)
})
