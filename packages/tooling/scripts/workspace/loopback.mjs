import { createServer } from 'node:net'

const POLL_MS = 100
const LONGEST_MS = 30_000

/** Below what operating systems give to outgoing connections (from 32768), which would take one between finding and using it. */
const FIRST_PORT = 20_000
const PORTS = 12_000
const MOST_TRIES = 50

/**
 * A port that is free, for programs that must be told one. By chance, so that two who look at once seldom find the same.
 * @returns {Promise<number>} 20000 to 31999
 * @throws {Error} when none of fifty is free
 */
export async function freePort() {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS)
    if (await isFree(port)) return port
  }
  throw new Error(`None of ${MOST_TRIES} ports from ${FIRST_PORT} on is free. Stop what listens there.`)
}

function isFree(port) {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
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
