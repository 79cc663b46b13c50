import { describe, expect, test } from '@jest/globals'
import type { LockRequest } from '../ports/Locks.js'
import { fakeClock } from '../testing/fakeClock.js'
import { settle } from '../testing/settle.js'
import { decideTakeOver, Leadership } from './Leadership.js'

describe('deciding to take over', () => {
  const facts = { now: 100_000, heardAt: 97_000, visible: true, stolenAt: null }

  test('a hidden tab waits, and so does one that heard a leader within 3 s', () => {
    expect(decideTakeOver({ ...facts, visible: false })).toBe('wait')
    expect(decideTakeOver({ ...facts, heardAt: 97_001 })).toBe('wait')
  })

  test('steals once in 30 s, and connects by itself meanwhile', () => {
    expect(decideTakeOver(facts)).toBe('connect and steal')
    expect(decideTakeOver({ ...facts, stolenAt: 70_001 })).toBe('connect')
    expect(decideTakeOver({ ...facts, stolenAt: 70_000 })).toBe('connect and steal')
  })

  test('a clock that stepped back forbids nothing for ever', () => {
    expect(decideTakeOver({ ...facts, heardAt: 500_000 })).toBe('connect and steal')
    expect(decideTakeOver({ ...facts, stolenAt: 500_000 })).toBe('connect and steal')
  })
})

/** A lock whose fate the test decides. */
function manualLocks() {
  const requests: { options: LockRequest; grant: () => Promise<unknown>; refuse: () => void }[] = []
  return {
    requests,
    locks: {
      available: true,
      request: <T>(_name: string, options: LockRequest, run: () => Promise<T>) =>
        new Promise<T>((resolve, reject) => {
          const refuse = () => reject(new DOMException('gone', 'AbortError'))
          options.signal?.addEventListener('abort', refuse)
          requests.push({ options, refuse, grant: () => run().then(resolve as (value: unknown) => void) })
        }),
    },
  }
}

function aLeadership() {
  const told: string[] = []
  const { locks, requests } = manualLocks()
  const leadership = new Leadership({
    locks,
    clock: fakeClock(),
    name: 'lock',
    onGained: () => told.push('gained'),
    onStolen: () => told.push('stolen'),
  })
  return { leadership, requests, told }
}

describe('the lock', () => {
  test('is asked for once however often one stands', () => {
    const { leadership, requests } = aLeadership()
    leadership.stand()
    leadership.stand()
    expect(requests).toHaveLength(1)
  })

  test('granted after one left the line, it is given back at once', async () => {
    const { leadership, requests, told } = aLeadership()
    leadership.stand()
    leadership.release()
    await requests[0]?.grant()
    expect([told, leadership.isLeader]).toEqual([[], false])
  })

  test('is held until released', async () => {
    const { leadership, requests, told } = aLeadership()
    leadership.stand()
    let isHeld = true
    void requests[0]?.grant().then(() => {
      isHeld = false
    })
    await settle()
    expect([told, isHeld]).toEqual([['gained'], true])
    leadership.release()
    await settle()
    expect([told, isHeld]).toEqual([['gained'], false])
  })

  test('stolen, it is told once, and one may stand again', async () => {
    const { leadership, requests, told } = aLeadership()
    leadership.stand()
    void requests[0]?.grant()
    requests[0]?.refuse()
    await settle()
    expect([told, leadership.isLeader]).toEqual([['gained', 'stolen'], false])
    leadership.stand()
    expect(requests).toHaveLength(2)
  })

  test('stealing leaves the line first', async () => {
    const { leadership, requests, told } = aLeadership()
    leadership.stand()
    leadership.steal()
    expect(requests.map(({ options }) => [options.steal ?? false, options.signal?.aborted ?? null])).toEqual([
      [false, true],
      [true, null],
    ])
    void requests[1]?.grant()
    await settle()
    expect(told).toEqual(['gained'])
  })

  test('a browser that refuses locks leaves everyone without a leader, quietly', async () => {
    const { leadership, requests, told } = aLeadership()
    leadership.stand()
    requests[0]?.refuse()
    await settle()
    expect([told, leadership.isLeader]).toEqual([[], false])
  })
})
