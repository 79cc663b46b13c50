import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { median } from '../database/timed.js'
import { cpuMsOf, postgresCpuMs } from './serverCpu.js'

export interface FanOutOptions {
  gatewayFile: string
  subscribersFile: string
  databaseUrl: string
  dataDirectory: string
  mode: 'broadcast' | 'changes'
  subscribers: number
}

const WARM_UP = 5
const CHANGES = 30

/** What one change costs that everybody of an organisation hears: CPU of gateway and database, and how soon the last hears it. */
export async function measureFanOut(options: FanOutOptions) {
  const { gatewayFile, subscribersFile, databaseUrl, dataDirectory, mode, subscribers } = options
  const gateway = fork(gatewayFile, [databaseUrl, mode, String(subscribers)])
  const [{ url, token }] = (await once(gateway, 'message')) as [{ url: string; token: string }]
  const crowd = fork(subscribersFile, [url, token, mode, String(subscribers)])
  try {
    await once(crowd, 'message')
    await untilLive(gateway, subscribers)
    for (let n = 0; n < WARM_UP; n += 1) await change(gateway, crowd)
    const before = { gateway: cpuMsOf(gateway.pid ?? 0), database: postgresCpuMs(dataDirectory) }
    const heard = []
    for (let n = 0; n < CHANGES; n += 1) heard.push(await change(gateway, crowd))
    const gatewayMs = (cpuMsOf(gateway.pid ?? 0) - before.gateway) / CHANGES
    const databaseMs = (postgresCpuMs(dataDirectory) - before.database) / CHANGES
    const [by95Ms, byAllMs] = [median(heard.map(({ by95 }) => by95)), median(heard.map(({ byAll }) => byAll))]
    return {
      mode,
      subscribers,
      gatewayMs,
      databaseMs,
      cpuMs: gatewayMs + databaseMs,
      by95Ms,
      byAllMs,
      p95OfAllMs: percentile95(heard.map(({ byAll }) => byAll)),
    }
  } finally {
    for (const child of [gateway, crowd]) child.kill('SIGKILL')
  }
}

async function untilLive(gateway: ChildProcess, subscribers: number): Promise<void> {
  for (;;) {
    const answer = once(gateway, 'message') as Promise<[{ live: number }]>
    gateway.send('live')
    const [{ live }] = await answer
    if (live === subscribers) return
    await wait(50)
  }
}

async function change(gateway: ChildProcess, crowd: ChildProcess): Promise<{ by95: number; byAll: number }> {
  const all = once(crowd, 'message') as Promise<[{ heardBy95: number; heardByAll: number }]>
  const began = performance.timeOrigin + performance.now()
  gateway.send('change')
  const [{ heardBy95, heardByAll }] = await all
  return { by95: heardBy95 - began, byAll: heardByAll - began }
}

function percentile95(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length * 0.95)] ?? Number.NaN
}
