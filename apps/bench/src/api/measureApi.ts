import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { CONTESTANTS, CONTROLS, type Contestant } from './contestants.js'
import { type Ratio, ratioOf } from './ratioOf.js'
import { ServerProcess } from './ServerProcess.js'

export interface MeasureOptions {
  serverFile: string
  redisUrl: string
  resultsFile: string
  rounds: number
  requests: number
}

interface Row {
  contestant: Contestant
  newKeys: Ratio
  replays: Ratio
}

const newKeys = (count: number) => Array.from({ length: count }, () => randomUUID())
const at = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN
const median = (values: readonly number[]) => at(values, 0.5)
const rounded = (value: number, digits = 2) => Number(value.toFixed(digits))

/** Measures everything in one run, contestants in turns, so that a busy moment of the machine hits all of them. */
export async function measureApi(options: MeasureOptions): Promise<void> {
  const rows = await ratios(options)
  const table = rows.filter(({ contestant }) => CONTESTANTS.some((name) => name === contestant) || contestant === 'bare')
  const flatness = await costOverStored(options)
  const memory = await bytesPerAnswer(options)
  const results = {
    node: process.version,
    rounds: options.rounds,
    requests: options.requests,
    table,
    controls: rows.filter((row) => !table.includes(row)),
    flatness,
    memory,
  }
  writeFileSync(options.resultsFile, `${JSON.stringify(results, null, 2)}\n`)
  const shown = ({ ratio, between: [from, to] }: Ratio) => `${ratio} (${from} to ${to})`
  console.table(Object.fromEntries(rows.map((row) => [row.contestant, { 'new keys': shown(row.newKeys), replays: shown(row.replays) }])))
  console.log('memory store, CPU µs per new key:', flatness)
  console.log('memory store, bytes per stored answer beyond its body:', memory)
}

/**
 * Requests before anything is counted. After 3,000 the next 2,000 still cost a tenth to a quarter more than those after 7,000
 * (measured; most with whoever has most code): not all is compiled for good. A server that has run for a minute is past that.
 */
const WARM_UP = 8_000

/** Many short rounds, each with every contestant and each in another order: what slows the machine down hits all alike. */
async function ratios({ serverFile, redisUrl, rounds, requests }: MeasureOptions): Promise<Row[]> {
  const everybody = [...CONTROLS, ...CONTESTANTS]
  const servers = await Promise.all(everybody.map((contestant) => ServerProcess.start(serverFile, contestant, redisUrl)))
  const fresh = everybody.map(() => [] as number[])
  const repeated = everybody.map(() => [] as number[])
  try {
    for (const server of servers) await server.send(newKeys(WARM_UP))
    for (let round = 0; round < rounds; round += 1) {
      for (const place of servers.keys()) {
        const index = (place + round) % servers.length
        const server = servers[index]
        if (server === undefined) continue
        fresh[index]?.push(await server.cpuPerRequest(newKeys(requests)))
        const [key = ''] = newKeys(1)
        await server.send([key])
        repeated[index]?.push(await server.cpuPerRequest(Array<string>(requests).fill(key)))
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
  return everybody.map((contestant, index) => ({
    contestant,
    newKeys: ratioOf(fresh[index] ?? [], fresh[0] ?? []),
    replays: ratioOf(repeated[index] ?? [], repeated[0] ?? []),
  }))
}

/** What a new key costs while the memory store holds few keys and many. */
async function costOverStored({ serverFile, redisUrl }: MeasureOptions): Promise<Record<string, number>> {
  const server = await ServerProcess.start(serverFile, 'ours, memory', redisUrl)
  const costs: Record<string, number> = {}
  let stored = 0
  try {
    await server.send(newKeys(1_000))
    stored += 1_000
    for (const target of [1_000, 100_000]) {
      await server.send(newKeys(Math.max(0, target - stored)))
      const took: number[] = []
      for (let round = 0; round < 9; round += 1) took.push(await server.cpuPerRequest(newKeys(2_000)))
      stored = target + 9 * 2_000
      costs[`${target} stored`] = rounded(median(took), 1)
    }
    return costs
  } finally {
    await server.stop()
  }
}

async function bytesPerAnswer({ serverFile, redisUrl }: MeasureOptions): Promise<number> {
  const count = 20_000
  const bodyBytes = 115
  const server = await ServerProcess.start(serverFile, 'ours, memory', redisUrl)
  try {
    await server.send(newKeys(2_000))
    const before = await server.heldBytes()
    await server.send(newKeys(count))
    return Math.round(((await server.heldBytes()) - before) / count - bodyBytes)
  } finally {
    await server.stop()
  }
}
