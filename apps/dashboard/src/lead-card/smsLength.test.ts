import { describe, expect, it } from '@jest/globals'
import { smsLength, smsLengthText } from './smsLength.js'

const parts = (text: string) => smsLength(text).parts

describe('the length of a message', () => {
  it('is one SMS up to 160 signs, and then several of 153', () => {
    expect([0, 1, 160, 161, 306, 307, 1_600].map((length) => parts('a'.repeat(length)))).toEqual([0, 1, 1, 2, 2, 3, 11])
  })

  it('counts signs that take two places twice', () => {
    expect([parts('€'.repeat(80)), parts('€'.repeat(81))]).toEqual([1, 2])
  })

  it('is one SMS up to 70 signs as soon as one sign is foreign to GSM', () => {
    expect([parts('’'.repeat(70)), parts('’'.repeat(71)), parts(`${'a'.repeat(133)}😀`)]).toEqual([1, 2, 3])
  })

  it('is told with its limit and its price', () => {
    expect(smsLengthText(smsLength('a'.repeat(1_600)))).toBe('1,600 of 1,600 · 11 SMS')
  })

  it('tells how much is too much, instead of cutting it', () => {
    expect(smsLength('a'.repeat(1_640)).tooMany).toBe(40)
    expect(smsLengthText(smsLength('a'.repeat(1_640)))).toBe('1,640 of 1,600 · 40 too many')
  })
})
