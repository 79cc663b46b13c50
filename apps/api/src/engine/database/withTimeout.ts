import { DatabaseUnavailableError } from './DatabaseError.js'

const TROUBLES = {
  statement: (ms: number) => `The database did not answer within ${ms} ms. It may be overloaded; try again.`,
  // Nobody can tell from outside whether its statements took so long, or what lies between them.
  transaction: (ms: number) =>
    `A transaction did not end within ${ms} ms, so it was given up. The database may be overloaded, or its effect awaits something else for too long.`,
}

/**
 * Bounds a wait for the database. What was waited for may go on and may still take effect.
 * @throws {DatabaseUnavailableError} when `work` takes longer than `timeoutMs`
 */
export function withTimeout<T>(work: Promise<T>, timeoutMs: number, of: keyof typeof TROUBLES = 'statement'): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new DatabaseUnavailableError(TROUBLES[of](timeoutMs)))
    const timer = setTimeout(expire, timeoutMs)
    const settle =
      <Value>(end: (value: Value) => void) =>
      (value: Value) => {
        clearTimeout(timer)
        end(value)
      }
    work.then(settle(resolve), settle(reject))
  })
}
