import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'

/** How long a start of the API takes at most, in milliseconds. */
const LONGEST_START_MS = 2_000
/** How Linux counts the time of processes. */
const TICKS_PER_SECOND = 100

/** What a process took of a processor so far, in milliseconds; null where nobody tells. */
export function cpuMsOf(pid) {
  try {
    const [, rest] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    const [user, system] = rest.split(' ').slice(11, 13).map(Number)
    return ((user + system) / TICKS_PER_SECOND) * 1_000
  } catch {
    return null
  }
}

/**
 * Whether a start was quick. A machine that is busy with something else says nothing of the program: then what it took of a
 * processor counts.
 * @param {{ tookMs: number, cpuMs: number | null }} start
 * @throws {Error} when it was not
 */
export function judgeStart({ tookMs, cpuMs }) {
  const isBusy = loadavg()[0] > availableParallelism()
  const cpu = cpuMs === null ? '' : `, of a processor ${Math.round(cpuMs)} ms`
  console.log(`  ready after ${Math.round(tookMs)} ms${cpu}${isBusy ? '; this machine is busy with something else' : ''}`)
  const counts = isBusy ? (cpuMs ?? tookMs) : tookMs
  if (counts > LONGEST_START_MS) throw new Error(`It took ${Math.round(counts)} ms.`)
}
