import { describe, expect, it } from '@jest/globals'
import { messageTemplates } from './messageTemplates.js'
import { RESERVED_REPLIES, reservedWordsIn } from './reservedReplies.js'

describe('reservedWordsIn', () => {
  it.each([
    ['Reply CONFIRM to confirm or CANCEL to cancel.', ['CANCEL']],
    ['Reply Cancel to cancel', ['CANCEL']],
    ['Please reply yes or no.', ['YES']],
    ['Reply with "quit" any time', ['QUIT']],
    ['Text back stop, end or info', ['STOP', 'END', 'INFO']],
    ['STOP ends these messages. Reply STOP at any time.', ['STOP']],
  ])('finds what %j offers', (text, expected) => {
    expect(reservedWordsIn(text)).toEqual(expected)
  })

  it.each([
    'We can help you start on Monday.',
    'Please reply by the end of the day.',
    'Stop by whenever you like. Yes, also on Sunday.',
    'The bus stops here; UNSTOPPABLE offers.',
    'Reply CONFIRM or CHANGE.',
    '',
  ])('finds nothing in %j', (text) => {
    expect(reservedWordsIn(text)).toEqual([])
  })
})

describe('the templates', () => {
  const lead = { firstName: 'Anna', appointmentDate: 'Monday', appointmentTime: '10am' }

  it.each(Object.entries(messageTemplates))('%s offers no reply the carrier acts on by itself', (_, template) => {
    const words: string[] =
      template(lead)
        .toUpperCase()
        .match(/\p{L}+/gu) ?? []
    expect(words.filter((word) => (Object.values(RESERVED_REPLIES).flat() as string[]).includes(word))).toEqual([])
  })
})
