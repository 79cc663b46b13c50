import { expect, test } from '@jest/globals'
import { endingOfError } from './endingOfError.js'

test('tells what a policy forbids from a missing grant without reading a sentence, which may be of any language', () => {
  const said = { code: '42501', message: 'neue Zeile verletzt Policy für Sicherheit auf Zeilenebene für Tabelle »deals«' }
  expect(endingOfError({ ...said, routine: 'ExecWithCheckOptions' })).toBe('refused')
  expect(endingOfError({ ...said, routine: 'aclcheck_error' })).toBeNull()
  expect(endingOfError(said)).toBeNull()
})
