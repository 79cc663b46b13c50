import { describe, expect, it } from '@jest/globals'
import { printable } from './printable.js'
import { readCommand, USAGE, usageOf } from './readCommand.js'

const read = (line: string) => readCommand(line.split(' ').filter((word) => word !== ''))

describe('a command line', () => {
  it.each([
    ['', { name: 'start' }],
    ['start', { name: 'start' }],
    ['migrate', { name: 'migrate' }],
    ['--help', { name: 'help' }],
    ['migrations copy --to there', { name: 'migrations copy', to: 'there', plainPostgres: false }],
    ['migrations copy --plain-postgres --to there', { name: 'migrations copy', to: 'there', plainPostgres: true }],
    ['check', { name: 'check', json: false, isMounted: false }],
    ['check --json --mounted', { name: 'check', json: true, isMounted: true }],
    ['inspect lead lead-1', { name: 'inspect', kind: 'lead', id: 'lead-1', organisation: null, json: false }],
    ['inspect --json sms SM1 --organisation org-1', { name: 'inspect', kind: 'sms', id: 'SM1', organisation: 'org-1', json: true }],
    ['sms retry sms-1', { name: 'sms', decision: 'retry', smsId: 'sms-1', organisation: null, mayArriveTwice: false }],
    ['sms retry sms-1 --may-arrive-twice', { name: 'sms', decision: 'retry', smsId: 'sms-1', organisation: null, mayArriveTwice: true }],
  ])('"%s" is read', (line, command) => {
    expect(read(line)).toEqual(command)
  })

  it.each([
    'stop',
    'start now',
    'check it',
    'migrations',
    'migrations copy',
    'inspect',
    'inspect lead',
    'inspect a b c',
    'inspect LEAD 1',
    'sms',
    'sms send x',
    'sms retry',
    'sms retry a b',
  ])('"%s" means nothing', (line) => {
    expect(read(line)).toEqual({ name: 'unknown', words: line })
  })
})

describe('what is said of words that mean nothing', () => {
  it('is how that command is called, or which commands there are', () => {
    expect(usageOf('inspect lead')).toMatch(/^org-api inspect <what> <id> [\s\S]*programs\n$/)
    expect(usageOf('inspect lead')).not.toContain('org-api sms')
    expect(usageOf('sms send x')).toMatch(/^org-api sms retry <id> [\s\S]*\norg-api sms cancel <id> /)
    for (const words of ['stop', '', 'ins']) expect(usageOf(words)).toBe(USAGE)
  })
})

describe('what a terminal is shown', () => {
  it('holds no character that would move it, colour it or turn it round', () => {
    const reason = 'bad\u001b[2J\u001b[31m\r\n\u0007 number \u202e \u200b \u009b1m'
    expect(printable(reason)).toBe('bad\\u{1b}[2J\\u{1b}[31m\\u{d}\\u{a}\\u{7} number \\u{202e} \\u{200b} \\u{9b}1m')
    expect(printable('Müller – 東京 ✓')).toBe('Müller – 東京 ✓')
  })
})
