import { expect, test } from '@jest/globals'
import { fieldsOf, readAnswer } from './readAnswer.js'

test('reads a composite value as Postgres writes it', () => {
  expect(fieldsOf('(200,"{""success"": true, ""path"": ""C:\\\\x""}",f,t,,"",f,"a, (b)")')).toEqual([
    '200',
    '{"success": true, "path": "C:\\x"}',
    'f',
    't',
    null,
    '',
    'f',
    'a, (b)',
  ])
  expect(fieldsOf('(,,)')).toEqual([null, null, null])
  expect(fieldsOf('("""")')).toEqual(['"'])
})

test('reads an answer', () => {
  expect(readAnswer('(409,"{""success"": false}",t,t,1000,sms-1,f,)')).toEqual({
    status: 409,
    body: '{"success": false}',
    replayed: true,
    recorded: true,
    retryAfterMs: 1000,
    ref: 'sms-1',
    fingerprintUnknown: false,
    reason: null,
  })
})

test('says so when a function gave nothing', () => {
  expect(() => readAnswer(null)).toThrow(TypeError)
})
