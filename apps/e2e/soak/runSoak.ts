import type { BrowserContext } from '@playwright/test'
import { apiOf, setFaults } from '../harness/apiOf.js'
import { type BadNetwork, startBadNetwork } from './badNetwork.js'
import { Checker } from './Checker.js'
import { nextWish } from './clicking.js'
import { Journal } from './Journal.js'
import type { Fault, Label } from './judge.js'
import { ProofReader } from './proof.js'
import { type Random, seededRandom } from './random.js'
import { recover } from './recover.js'
import { Tabs } from './Tabs.js'
import { Troubles } from './troubles.js'

const CHECK_EVERY_MS = 5_000
const TWILIO = ['error', 'rate-limited', 'timeout', 'lost-response', 'bad-json', 'refused'] as const

export interface SoakOptions {
  context: BrowserContext
  demoUrl: string
  /** How long people click, in milliseconds; the recovery after it comes on top. > 0 */
  forMs: number
  seed: number
  sabotage?: Sabotage
}

/** For tests of the checker: what a broken client or server would do. */
export interface Sabotage {
  /** Nothing else goes wrong. @default false */
  calm?: boolean
  /** What a label shows instead. */
  falsify?: (label: Label) => Label
  /** Each write arrives once more under another key. @default false */
  repeatsWrites?: boolean
  /** Nothing can be sent, and in the end what is stored is gone. @default false */
  losesStorage?: boolean
}

export interface SoakReport {
  faults: readonly Fault[]
  clicks: number
  stored: number
  effects: number
  /** Unfinished or waiting for a person at the end. */
  unfinished: number
  /** Requests with a click's key, in all and of the click that was sent most often. */
  attempts: { all: number; most: number }
  troubles: Record<string, number>
  network: Record<string, number>
  diagnostics: Record<string, number>
}

/** People click in three tabs while everything that can go wrong does; then all is well again, and every click is accounted for. */
export async function runSoak({ context, demoUrl, forMs, seed, sabotage = {} }: SoakOptions): Promise<SoakReport> {
  const random = seededRandom(seed)
  const network = await startBadNetwork(demoUrl, seededRandom(seed + 1))
  network.repeatsWrites = sabotage.repeatsWrites ?? false
  network.cutsWrites = sabotage.losesStorage ?? false
  const journal = new Journal()
  await context.exposeBinding('soakTold', ({ page }, event) => journal.hear(event, page.url().split('#')[1] ?? ''))
  const tabs = new Tabs(context, `${network.url}/soak`)
  const proofs = new ProofReader(demoUrl)
  const troubles = new Troubles({ tabs, network, random, journal, proofs })
  const checker = new Checker({ tabs, journal, proofs, ...(sabotage.falsify === undefined ? {} : { falsify: sabotage.falsify }) })
  try {
    await proofs.read()
    await context.request.post(`${network.url}/_stand-ins/token`, { data: { user: 'ana' } })
    await disturb({ tabs, network, troubles, checker, random, demoUrl, forMs, calm: sabotage.calm ?? false })
    network.badness = 0
    await troubles.end(true)
    await setFaults(demoUrl)
    if (sabotage.losesStorage) await loseStorage(tabs, network)
    const visible = await recover({ tabs, proofs, checker })
    const proof = await checker.lookForLoss(visible)
    return {
      faults: checker.faults,
      clicks: journal.clicks.size,
      stored: [...journal.clicks.values()].filter(({ stored }) => stored).length,
      effects: proof.effects.size,
      unfinished: visible.size,
      attempts: {
        all: [...network.attempts.values()].reduce((sum, count) => sum + count, 0),
        most: Math.max(0, ...network.attempts.values()),
      },
      troubles: Object.fromEntries(troubles.made),
      network: Object.fromEntries(network.made),
      diagnostics: Object.fromEntries(journal.diagnostics),
    }
  } finally {
    await tabs.closeAll()
    await network.close()
  }
}

async function loseStorage(tabs: Tabs, network: BadNetwork): Promise<void> {
  await tabs.closeAll()
  network.cutsWrites = false
  const page = await tabs.context.newPage()
  const devtools = await tabs.context.newCDPSession(page)
  await devtools.send('Storage.clearDataForOrigin', { origin: network.url, storageTypes: 'indexeddb' })
  await page.close()
}

interface Scene {
  tabs: Tabs
  network: BadNetwork
  troubles: Troubles
  checker: Checker
  random: Random
  demoUrl: string
  forMs: number
  calm: boolean
}

async function disturb({ tabs, network, troubles, checker, random, demoUrl, forMs, calm }: Scene): Promise<void> {
  const targets = await targetsOf(demoUrl)
  const endsAt = Date.now() + forMs
  let checkAt = Date.now() + CHECK_EVERY_MS
  while (Date.now() < endsAt) {
    await troubles.end()
    await tabs.fill()
    await tabs.any(random)?.ask((wish) => soak.click(wish), nextWish(random, targets))
    if (!calm && random.chance(0.06)) await troubles.bring()
    if (!calm && random.chance(0.03)) await changeWeather({ network, random, demoUrl })
    if (Date.now() >= checkAt) {
      await checker.look()
      checkAt = Date.now() + CHECK_EVERY_MS
    }
    await new Promise((resolve) => setTimeout(resolve, random.between(20, 400)))
  }
}

async function changeWeather({ network, random, demoUrl }: Pick<Scene, 'network' | 'random' | 'demoUrl'>): Promise<void> {
  network.badness = random.pick([0, 0, 0.1, 0.35, 0.8])
  await setFaults(demoUrl, random.chance(0.5) ? undefined : { twilio: { mode: random.pick(TWILIO), rate: random.pick([0.3, 1]) } })
}

async function targetsOf(demoUrl: string): Promise<{ leads: string[]; appointments: string[] }> {
  const api = await apiOf(demoUrl, 'ana')
  const { appointments } = JSON.parse((await api.get('/api/appointments?limit=200')).body) as { appointments: { id: string }[] }
  return { leads: (await api.leads()).map(({ id }) => id), appointments: appointments.map(({ id }) => id) }
}
