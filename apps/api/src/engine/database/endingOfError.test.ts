import { expect, test } from '@jest/globals'
import { endingOfError, reasonOfError } from './endingOfError.js'
import { QUOTING } from './testing/quoting.js'

test('tells what a policy forbids from a missing grant without reading a sentence, which may be of any language', () => {
  const said = { code: '42501', message: 'neue Zeile verletzt Policy für Sicherheit auf Zeilenebene für Tabelle »deals«' }
  expect(endingOfError({ ...said, routine: 'ExecWithCheckOptions' })).toBe('refused')
  expect(endingOfError({ ...said, routine: 'aclcheck_error' })).toBeNull()
  expect(endingOfError(said)).toBeNull()
})

test('says what was wrong with data, and in no language what the data were', () => {
  const reasons = QUOTING.map((message) => reasonOfError({ code: '22P02', message }))
  expect(reasons.filter((reason) => /secret/.test(reason))).toEqual([])
  expect(reasons.slice(0, 2)).toEqual(['22P02 invalid input syntax for type uuid: "…"', '22P02 value "…" is out of range for type integer'])
})
