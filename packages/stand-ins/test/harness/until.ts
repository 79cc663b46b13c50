import { setTimeout as after } from 'node:timers/promises'

const LONGEST_MS = 15_000

/**
 * Lets real input and output go on until `condition` holds.
 * @throws {Error} naming the condition when it does not hold within 15 s
 */
export async function until(condition: () => boolean): Promise<void> {
  const endsAt = Date.now() + LONGEST_MS
  while (!condition()) {
    if (Date.now() > endsAt) throw new Error(`Waited ${LONGEST_MS} ms in vain for ${condition}`)
    await after(1)
  }
}
