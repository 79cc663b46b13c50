import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { CONTESTANTS, type Contestant } from './contestants.js'
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
  /** Server CPU per request over that of the bare route, median of the rounds. */
  newKeys: number
  replays: number
}

const newKeys = (count: number) => Array.from({ length: count }, () => randomUUID())
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const rounded = (value: number, digits = 2) => Number(value.toFixed(digits))

/** Measures everything in one run, contestants in turns, so that a busy moment of the machine hits all of them. */
export async function measureApi(options: MeasureOptions): Promise<void> {
  const table = await ratios(options)
  const flatness = await costOverStored(options)
  const memory = await bytesPerAnswer(options)
  const results = { node: process.version, rounds: options.rounds, requests: options.requests, table, flatness, memory }
  writeFileSync(options.resultsFile, `${JSON.stringify(results, null, 2)}\n`)
  console.table(Object.fromEntries(table.map(({ contestant, ...ratio }) => [contestant, ratio])))
  console.log('memory store, CPU µs per new key:', flatness)
  console.log('memory store, bytes per stored answer beyond its body:', memory)
}

async function ratios({ serverFile, redisUrl, rounds, requests }: MeasureOptions): Promise<Row[]> {
  const servers = await Promise.all(CONTESTANTS.map((contestant) => ServerProcess.start(serverFile, contestant, redisUrl)))
  const measured = CONTESTANTS.map(() => ({ newKeys: [] as number[], replays: [] as number[] }))
  try {
    for (const server of servers) await server.send(newKeys(requests))
    for (let round = 0; round < rounds; round += 1) {
      const unique: number[] = []
      const repeated: number[] = []
      for (const server of servers) {
        unique.push(await server.cpuPerRequest(newKeys(requests)))
        const [key = ''] = newKeys(1)
        await server.send([key])
        repeated.push(await server.cpuPerRequest(Array<string>(requests).fill(key)))
      }
      for (const [index, one] of measured.entries()) {
        one.newKeys.push((unique[index] ?? 0) / (unique[0] ?? 1))
        one.replays.push((repeated[index] ?? 0) / (repeated[0] ?? 1))
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
  return CONTESTANTS.map((contestant, index) => ({
    contestant,
    newKeys: rounded(median(measured[index]?.newKeys ?? [])),
    replays: rounded(median(measured[index]?.replays ?? [])),
  }))
}

/** What a new key costs while the memory store holds few keys and many. */
async function costOverStored({ serverFile, redisUrl, rounds, requests }: MeasureOptions): Promise<Record<string, number>> {
  const server = await ServerProcess.start(serverFile, 'ours, memory', redisUrl)
  const costs: Record<string, number> = {}
  let stored = 0
  try {
    await server.send(newKeys(1_000))
    stored += 1_000
    for (const target of [1_000, 100_000]) {
      await server.send(newKeys(Math.max(0, target - stored)))
      const took: number[] = []
      for (let round = 0; round < rounds; round += 1) took.push(await server.cpuPerRequest(newKeys(requests)))
      stored = target + rounds * requests
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
