import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodePageCursor, encodePageCursor } from './pageCursor.js'

it('reads back what it wrote, and fits into an address as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 8 }), (text) => {
      const id = text.replaceAll('\0', '')
      const cursor = encodePageCursor(id)
      expect(encodeURIComponent(cursor)).toBe(cursor)
      expect(decodePageCursor(cursor)).toBe(id)
    }),
  )
})

it('takes an id of a team’s own that is longer than those of contracts', () => {
  const id = '😀'.repeat(600)
  expect(decodePageCursor(encodePageCursor(id))).toBe(id)
})

it('takes an empty id, which a text may be: a page that ends with it is not the last', () => {
  expect(decodePageCursor(encodePageCursor(''))).toBe('')
})

it.each(['garbage', 'lead-1', 'p1.!!!!', 'p1.bGVhZC0x=', 'p1._w', 'p2.bGVhZC0x', 'p1.AGEA', `p1.${'YWFh'.repeat(1_000)}`])(
  'takes %j for none of its own',
  (cursor) => {
    expect(decodePageCursor(cursor)).toBeNull()
  },
)
