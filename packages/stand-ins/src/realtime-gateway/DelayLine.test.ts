import { expect, it } from '@jest/globals'
import { FakeClock } from '../../test/harness/FakeClock.js'
import { DelayLine } from './DelayLine.js'

function start() {
  const clock = new FakeClock()
  const out: string[] = []
  return { clock, out, line: new DelayLine<string>(clock, (item) => void out.push(item)) }
}

it('hands on at once without a delay', () => {
  const { out, line, clock } = start()
  line.push('a', 0)
  expect(out).toEqual(['a'])
  expect(clock.pending).toBe(0)
})

it('keeps the order when the delay shrinks', () => {
  const { clock, out, line } = start()
  line.push('a', 1_000)
  line.push('b', 10)
  line.push('c', 0)
  clock.advance(999)
  expect(out).toEqual([])
  clock.advance(1)
  expect(out).toEqual(['a', 'b', 'c'])
})

it('holds each item for its own delay', () => {
  const { clock, out, line } = start()
  line.push('a', 100)
  clock.advance(50)
  line.push('b', 100)
  clock.advance(50)
  expect(out).toEqual(['a'])
  clock.advance(50)
  expect(out).toEqual(['a', 'b'])
})

it('forgets what waits when cleared, and works on afterwards', () => {
  const { clock, out, line } = start()
  line.push('a', 100)
  line.clear()
  expect(clock.pending).toBe(0)
  line.push('b', 100)
  clock.advance(100)
  expect(out).toEqual(['b'])
})
