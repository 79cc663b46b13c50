import { DatabaseUnavailableError } from './DatabaseError.js'

/**
 * Bounds a wait for the database. The statement itself may go on and may still take effect.
 * @throws {DatabaseUnavailableError} when `work` takes longer than `timeoutMs`
 */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseUnavailableError(`The database did not answer within ${timeoutMs} ms. It may be overloaded; try again.`)),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}
