import { ApiProcess } from '../database/ApiProcess.js'
import { median, timed } from '../database/timed.js'
import { cpuMsOf, postgresCpuMs } from './serverCpu.js'

const CROWD = 1_000
const AT_ONCE = 200

/** What reading the log costs whoever has seen it all, alone and as one of a crowd that was told to: CPU milliseconds a read. */
export async function measureCatchUp(serverFile: string, databaseUrl: string, dataDirectory: string) {
  const api = await ApiProcess.start(serverFile, databaseUrl)
  const { next } = (await api.get('/api/sync/changes')) as { next: string }
  const read = () => api.get(`/api/sync/changes?since=${next}`)
  const costOf = async (reads: () => Promise<void>) => {
    const before = { api: cpuMsOf(api.pid), database: postgresCpuMs(dataDirectory) }
    await reads()
    return { apiMs: (cpuMsOf(api.pid) - before.api) / CROWD, databaseMs: (postgresCpuMs(dataDirectory) - before.database) / CROWD }
  }
  const tookMs: number[] = []
  const alone = async () => {
    for (let n = 0; n < CROWD; n += 1) tookMs.push(await timed(read))
  }
  const together = async () => {
    for (let n = 0; n < CROWD; n += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, read))
  }
  try {
    await together()
    return { reads: CROWD, alone: { ...(await costOf(alone)), medianMs: median(tookMs) }, crowd: await costOf(together) }
  } finally {
    await api.stop()
  }
}
