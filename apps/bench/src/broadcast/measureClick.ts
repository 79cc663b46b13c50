import { ApiProcess } from '../database/ApiProcess.js'
import { median, timed } from '../database/timed.js'
import { postgresCpuMs } from './serverCpu.js'

const ROUNDS = 20
const CLICKS = 40

interface Side {
  api: ApiProcess
  tookMs: number[]
  cpuMs: number
}

/** A whole click over HTTP, in turns on a database with Realtime and on one without: milliseconds, and CPU of the database. */
export async function measureClick(serverFile: string, databases: { with: string; without: string }, dataDirectory: string) {
  const start = async (url: string): Promise<Side> => ({ api: await ApiProcess.start(serverFile, url), tookMs: [], cpuMs: 0 })
  const sides = { with: await start(databases.with), without: await start(databases.without) }
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const side of Object.values(sides)) {
        const before = postgresCpuMs(dataDirectory)
        const tookMs: number[] = []
        for (let n = 0; n < CLICKS; n += 1) tookMs.push(await timed(() => click(side.api, round, n)))
        // The first round warms everything up.
        if (round === 0) continue
        side.tookMs.push(...tookMs)
        side.cpuMs += postgresCpuMs(dataDirectory) - before
      }
    }
    const clicks = ROUNDS * CLICKS
    const figures = (side: Side) => ({ medianMs: median(side.tookMs), databaseCpuMs: side.cpuMs / clicks })
    const [withSend, without] = [figures(sides.with), figures(sides.without)]
    return { clicks, withSend, without, ratio: withSend.medianMs / without.medianMs }
  } finally {
    await Promise.all(Object.values(sides).map(({ api }) => api.stop()))
  }
}

function click(api: ApiProcess, round: number, n: number): Promise<unknown> {
  return api.post('/api/leads/update-status', { leadId: `lead-${n + 1}`, status: round % 2 === 0 ? 'contacted' : 'qualified' })
}
