import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** CPU milliseconds of a process so far, all its threads together. Linux only. */
export function cpuMsOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`)
  return tasks.reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0)
}

/** CPU milliseconds of a Postgres server so far: all sessions that are open, and what works in the background. */
export function postgresCpuMs(dataDirectory: string): number {
  const server = Number(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0])
  const children = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === server)
  return [server, ...children].reduce((sum, pid) => sum + cpuMsOf(pid), 0)
}

function parentOf(pid: number): number | null {
  try {
    return Number(statOf(pid)[1])
  } catch {
    // It ended meanwhile.
    return null
  }
}

/** The fields of /proc/<pid>/stat after the name, which may hold spaces. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
