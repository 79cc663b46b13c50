import { describe, expect, it } from '@jest/globals'
import { rowKey } from './rowKeys.js'

const key = (name: string, held: Partial<Record<'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}, index = 20) =>
  rowKey({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held }, { index, count: 100 })

describe('a key on the box of a row', () => {
  it.each([
    ['ArrowDown', 21],
    ['ArrowUp', 19],
    ['PageDown', 35],
    ['PageUp', 5],
    ['Home', 0],
    ['End', 99],
  ])('%s moves to row %i, and with Shift selects the way there', (name, move) => {
    expect(key(name)).toEqual({ move, reach: false })
    expect(key(name, { shiftKey: true })).toEqual({ move, reach: true })
  })

  it('moves past no end of the list', () => {
    expect([key('ArrowUp', {}, 0), key('PageUp', {}, 3), key('ArrowDown', {}, 99)]).toEqual(
      [0, 0, 99].map((move) => ({ move, reach: false })),
    )
  })

  it('selects all with Control or Command and A', () => {
    expect([key('a', { ctrlKey: true }), key('A', { metaKey: true }), key('a')]).toEqual(['all', 'all', null])
  })

  it('leaves every other key, and the browser’s own chords, alone', () => {
    expect([key(' '), key('Tab'), key('ArrowDown', { altKey: true }), key('Home', { ctrlKey: true })]).toEqual([null, null, null, null])
    expect(key('End', { ctrlKey: true, shiftKey: true })).toEqual({ move: 99, reach: true })
  })
})
