import { DatabaseUnavailableError } from './DatabaseError.js'

/**
 * Bounds a wait for the database. The statement itself may go on and may still take effect.
 * @throws {DatabaseUnavailableError} when `work` takes longer than `timeoutMs`
 */
export function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () =>
      reject(new DatabaseUnavailableError(`The database did not answer within ${timeoutMs} ms. It may be overloaded; try again.`))
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
