import { expect, it } from '@jest/globals'
import { EncodedChange } from './EncodedChange.js'

it('serializes and frames once what many channels hear alike, and apart what differs', () => {
  let serialized = 0
  const change = new EncodedChange(() => {
    serialized += 1
    return '{}'
  })
  const frame = change.for('2.0.0', 'realtime:leads', [1])
  expect(change.for('2.0.0', 'realtime:leads', [1])).toBe(frame)
  const others = [
    change.for('1.0.0', 'realtime:leads', [1]),
    change.for('2.0.0', 'realtime:other', [1]),
    change.for('2.0.0', 'realtime:leads', [1, 2]),
  ]
  expect(new Set([frame, ...others].map(String)).size).toBe(4)
  expect(serialized).toBe(1)
})
