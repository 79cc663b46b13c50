import type { Random } from '../ports/Random.js'

/** The platform's own chance; identities come from `getRandomValues`, which works on plain http too. */
export const systemRandom: Random = {
  uniform: () => Math.random(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}
