import { toFault } from '../http/errorAnswer.js'
import { Refusal } from '../http/Refusal.js'

/** Longest a function of a team's may take to say who is calling: well below a route's limit. Milliseconds. */
const LONGEST_MS = 5_000

/**
 * What a team's function says of a request. One that never answers would keep the request and its connection for ever, and
 * says nothing about who is calling.
 * @param name of the function, for the log
 * @throws {Refusal} STORE_UNAVAILABLE when it takes too long, INTERNAL when it throws, whatever status that bears
 */
export async function answerOf<T>(name: string, ask: () => T | PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tookTooLong(name)), LONGEST_MS)
  })
  try {
    return await Promise.race([ask(), tooLong])
  } catch (error) {
    throw toFault(error)
  } finally {
    clearTimeout(timer)
  }
}

function tookTooLong(name: string): Refusal {
  return new Refusal('STORE_UNAVAILABLE', {
    error: 'Sign-in cannot be checked right now. It is safe to try again.',
    retryAfterMs: 1_000,
    cause: new RangeError(`${name} did not answer within ${LONGEST_MS} ms. Give what it asks a time limit of its own.`),
  })
}
