import { expect } from '@jest/globals'
import { until } from '../support/until.js'
import type { SmsWorld } from './SmsWorld.js'

/** So many at once as one pool of connections serves. */
const AT_ONCE = 40

export const numberOf = (n: number) => `+1415555${String(n).padStart(4, '0')}`

/** Sends `all` SMS, Twilio's callbacks about the last `lost` of which get lost, and expects that asking finds exactly those. */
export async function losesCallbacks(world: SmsWorld, { lost, all }: { lost: number; all: number }): Promise<void> {
  for (let from = 0; from < all - lost; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, all - lost)
    await sendMany(world, from, to)
    await until(async () => (await world.states()).delivered === to)
  }
  await world.twilio.setFaults({ lostCallbacks: 1 })
  await sendMany(world, all - lost, all)
  await world.twilio.setFaults()
  expect(await world.states()).toEqual({ delivered: all - lost, accepted: lost })

  const before = world.twilio.callCount()
  await world.pass(60)
  while ((await world.lookUp.lookUpDue()) > 0);
  expect(await world.states()).toEqual({ delivered: all })
  expect(world.twilio.callCount() - before).toBe(lost)
  expect(world.secondSids).toEqual([])
}

async function sendMany(world: SmsWorld, from: number, to: number): Promise<void> {
  await Promise.all(Array.from({ length: to - from }, (_, n) => world.click('Hi', numberOf(from + n))))
  await world.sendAll()
  await world.pass(2)
}
