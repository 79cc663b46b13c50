import { setTimeout as wait } from 'node:timers/promises'

export interface KeepTryingOptions {
  /** Waits before the second, third … try, in milliseconds; after the last of them it is given up. */
  delaysMs: readonly number[]
  /** Told of each try that failed. Must not throw. */
  onError: (error: unknown) => void
}

/** Does `work` until it says true. False when it never did. Never rejects. */
export async function keepTrying(work: () => boolean | Promise<boolean>, { delaysMs, onError }: KeepTryingOptions): Promise<boolean> {
  for (const delayMs of [...delaysMs, null]) {
    try {
      if (await work()) return true
    } catch (error) {
      onError(error)
    }
    // What is still to be tried keeps no process alive.
    if (delayMs !== null) await wait(delayMs, undefined, { ref: false })
  }
  return false
}
