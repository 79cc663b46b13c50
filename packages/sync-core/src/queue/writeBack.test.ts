import { expect, test } from '@jest/globals'
import { aMutation } from '../testing/aMutation.js'
import { Draft } from './Draft.js'
import { writeBack } from './writeBack.js'

test('what is written again takes no place from a click that was put there since', () => {
  const later = aMutation({ id: 'later', seq: 1 })
  const draft = new Draft(Draft.of([[1, later]], { bornAt: 1, seq: 1, revision: 1 }))
  expect(writeBack(draft, [aMutation({ id: 'lost', seq: 1 })])).toBe(1)
  expect(draft.get('later')).toEqual(later)
  expect(draft.find('lost')).toMatchObject({ key: 2, value: { seq: 2, ambiguous: true } })
})
