import { expect, test } from '@jest/globals'
import { parseCursor } from './syncCursor.js'

test('reads epoch, transaction and sequence', () => {
  expect(parseCursor('f1de8fb6ca8d48bb.763.12')).toEqual({ epoch: 'f1de8fb6ca8d48bb', xid: '763', seq: '12' })
})

test.each(['', 'x', 'a.b.c', 'e.1', 'e.1.2.3', 'e.-1.0', `e.${'9'.repeat(19)}.0`, 'e.1.0\n', ' e.1.0', 'e e.1.0'])(
  'takes %j for no cursor',
  (text) => {
    expect(parseCursor(text)).toBeNull()
  },
)
