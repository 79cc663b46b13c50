import { expect, it } from '@jest/globals'
import { decodeFrame, encodeChangeFrame, encodeFrame, type Frame, VSNS } from './Frame.js'

const FRAME: Frame = { joinRef: '6', ref: '7', topic: 'realtime:leads', event: 'phx_join', payload: { config: {} } }

it.each(VSNS)('reads what it writes, vsn %s', (vsn) => {
  expect(decodeFrame(vsn, encodeFrame(vsn, FRAME))).toEqual(FRAME)
  expect(decodeFrame(vsn, encodeFrame(vsn, { ...FRAME, joinRef: null, ref: null }))).toEqual({ ...FRAME, joinRef: null, ref: null })
})

it('writes both serializers’ own shapes', () => {
  expect(encodeFrame('2.0.0', FRAME)).toBe('["6","7","realtime:leads","phx_join",{"config":{}}]')
  expect(JSON.parse(encodeFrame('1.0.0', FRAME))).toEqual({
    topic: 'realtime:leads',
    event: 'phx_join',
    payload: { config: {} },
    ref: '7',
    join_ref: '6',
  })
})

it.each(VSNS)('writes a change as any other frame, vsn %s', (vsn) => {
  const topic = 'realtime:"quoted"'
  expect(decodeFrame(vsn, encodeChangeFrame(vsn, topic, [1, 2], '{"table":"leads"}'))).toEqual({
    joinRef: null,
    ref: null,
    topic,
    event: 'postgres_changes',
    payload: { ids: [1, 2], data: { table: 'leads' } },
  })
})

it('makes an object of an absent payload', () => {
  expect(decodeFrame('2.0.0', '[null,"1","phoenix","heartbeat",null]')?.payload).toEqual({})
})

it.each(['', 'x', '{}', '[]', '[1,2,3,4,5]', '["6","7","topic","event","text"]', 'null'])('refuses %j', (text) => {
  for (const vsn of VSNS) expect(decodeFrame(vsn, text)).toBeNull()
})
