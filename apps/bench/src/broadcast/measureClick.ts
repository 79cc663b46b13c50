import pg from 'pg'
import { ApiProcess } from '../database/ApiProcess.js'
import { median, timed } from '../database/timed.js'
import { cpuMsOf, postgresCpuMs } from './serverCpu.js'

const ROUNDS = 20
const CLICKS = 40
const PAIRS = 800

interface Side {
  api: ApiProcess
  tookMs: number[]
  /** A click of each round. */
  cpuMs: number[]
}

/**
 * A whole click over HTTP on a database with Realtime and on one without: CPU of API and database in rounds, and
 * milliseconds click by click in turns, so that a busy machine slows both.
 */
export async function measureClick(serverFile: string, databases: { with: string; without: string }, dataDirectory: string) {
  const start = async (url: string): Promise<Side> => ({ api: await ApiProcess.start(serverFile, url), tookMs: [], cpuMs: [] })
  const sides = { with: await start(databases.with), without: await start(databases.without) }
  const both = Object.values(sides)
  try {
    for (let round = 0; round <= ROUNDS; round += 1) for (const side of both) await clickRound(side, round, dataDirectory)
    for (let pair = 0; pair < PAIRS; pair += 1)
      for (const side of both) side.tookMs.push(await timed(() => click(side.api, ROUNDS + 1 + Math.floor(pair / CLICKS), pair % CLICKS)))
    await expectMessages(databases.with, (ROUNDS + 1) * CLICKS + PAIRS)
    const figures = (side: Side) => ({ medianMs: median(side.tookMs), cpuMs: median(side.cpuMs) })
    const [withSend, without] = [figures(sides.with), figures(sides.without)]
    return {
      clicks: ROUNDS * CLICKS,
      withSend,
      without,
      cpuRatio: withSend.cpuMs / without.cpuMs,
      ratio: withSend.medianMs / without.medianMs,
    }
  } finally {
    await Promise.all(both.map(({ api }) => api.stop()))
  }
}

async function expectMessages(databaseUrl: string, clicks: number): Promise<void> {
  const session = new pg.Client({ connectionString: databaseUrl })
  await session.connect()
  const { rows } = await session.query(`select count(*)::int as sent from realtime.messages where payload ? 'changes'`)
  await session.end()
  if (rows[0].sent < clicks) throw new Error(`${clicks} clicks sent ${rows[0].sent} messages`)
}

async function clickRound(side: Side, round: number, dataDirectory: string): Promise<void> {
  const cpuMs = () => postgresCpuMs(dataDirectory) + cpuMsOf(side.api.pid)
  const before = cpuMs()
  for (let n = 0; n < CLICKS; n += 1) await click(side.api, round, n)
  // The first round warms everything up.
  if (round > 0) side.cpuMs.push((cpuMs() - before) / CLICKS)
}

function click(api: ApiProcess, round: number, n: number): Promise<unknown> {
  return api.post('/api/leads/update-status', { leadId: `lead-${n + 1}`, status: round % 2 === 0 ? 'contacted' : 'qualified' })
}
