import { createServer } from 'node:net'

const POLL_MS = 100
const LONGEST_MS = 30_000

/**
 * A port that was free a moment ago, for programs that must be told one.
 * @returns {Promise<number>}
 */
export function freePort() {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/**
 * Waits until a program that was just started answers at `url`.
 * @param {string} url
 * @param {import('node:child_process').ChildProcess} child
 * @throws {Error} when it ends before, or does not answer within 30 s; it is killed then
 */
export async function untilAnswers(url, child) {
  for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += POLL_MS) {
    if (child.exitCode !== null) throw new Error(`The program for ${url} ended with exit code ${child.exitCode} before it answered.`)
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  child.kill()
  throw new Error(`Nothing answered at ${url} within ${LONGEST_MS / 1_000} s.`)
}
