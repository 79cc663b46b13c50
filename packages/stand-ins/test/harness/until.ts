import { setImmediate as nextTurn } from 'node:timers/promises'

/** Lets real input and output go on until `condition` holds; the test's own timeout ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn()
}
