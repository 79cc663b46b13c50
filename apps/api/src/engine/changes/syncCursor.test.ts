import { expect, test } from '@jest/globals'
import { parseCursor } from './syncCursor.js'

test('reads epoch, transaction, sequence, time and seal', () => {
  expect(parseCursor('f1de8fb6ca8d48bb.763.12.1764449760123456.0a9f')).toEqual({
    epoch: 'f1de8fb6ca8d48bb',
    xid: '763',
    seq: '12',
    at: '1764449760123456',
    seal: '0a9f',
  })
})

const TAIL = '.1.ab'

test.each([
  '',
  'x',
  'a.b.c',
  'e.1',
  'e.1.2',
  'e.1.2.3',
  `e.-1.0${TAIL}`,
  `e.${'9'.repeat(19)}.0${TAIL}`,
  `e.1.0${TAIL}\n`,
  ` e.1.0${TAIL}`,
  `e e.1.0${TAIL}`,
  'e.1.0.1.XY',
  `e.09.0${TAIL}`,
  `e.1.07${TAIL}`,
  'e.1.0.01.ab',
])('takes %j for no cursor', (text) => {
  expect(parseCursor(text)).toBeNull()
})
