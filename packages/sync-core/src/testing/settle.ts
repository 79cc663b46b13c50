const TURNS = 4

// Captured when loaded: a test that fakes the global timers must not stop this one.
const realSetTimeout = globalThis.setTimeout
const nextTurn: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () => new Promise((resolve) => realSetTimeout(resolve, 0))

/** Lets everything that needs no time come to rest: promises, and a few turns of the event loop for databases. */
export async function settle(turns: number = TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn()
}
