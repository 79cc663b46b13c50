import { PAGES } from '../sizes/pages.mjs'

/**
 * One measured figure beside its target.
 * @typedef {{ area: string, figure: string, value: number, target: string, reached: boolean }} Figure
 */

/** @returns {Figure} */
function figure(area, name, value, target) {
  const [, sign, limit] = /^([≤≥<]) ([\d.]+)/.exec(target)
  const bound = Number(limit)
  const reached = { '≤': value <= bound, '≥': value >= bound, '<': value < bound }[sign]
  return { area, figure: name, value: Number(value.toFixed(value < 0.1 ? 4 : 2)), target, reached }
}

const API_BUDGETS = {
  memory: { newKeys: '≤ 1.2', replays: '≤ 1.05' },
  Redis: { newKeys: '≤ 1.3', replays: '≤ 1' },
}
const LOADS = { newKeys: 'new keys', replays: 'replays' }

/** Server CPU per request over a bare route: our budget, and below every peer with the same kind of store. */
function apiFigures({ table, flatness, memory }) {
  const stores = Object.entries(API_BUDGETS).flatMap(([store, budgets]) =>
    Object.entries(budgets).flatMap(([load, budget]) => {
      const ours = table.find(({ contestant }) => contestant === `ours, ${store}`)[load].ratio
      const peers = table.filter(({ contestant }) => contestant.endsWith(`, ${store}`) && !contestant.startsWith('ours'))
      const label = `${store}, ${LOADS[load]}`
      return [
        figure('API', `CPU ÷ bare Express route: ${label}`, ours, budget),
        ...peers.map((peer) => figure('API', `CPU, ${label}: ours ÷ ${peer.contestant.split(',')[0]}`, ours / peer[load].ratio, '< 1')),
      ]
    }),
  )
  const flat = flatness['100000 stored'] / flatness['1000 stored']
  return [
    ...stores,
    figure('API', 'CPU per new key with 100,000 stored ÷ with 1,000', flat, '≤ 1.1'),
    figure('API', 'memory store, bytes an answer beyond its body', memory, '≤ 1024'),
  ]
}

function databaseFigures({ action, effect, mapped, bulk }) {
  return [
    figure('Database', 'action with ledger and change log ÷ plain update transaction', action.ratio, '≤ 1.1'),
    figure('Database', 'effect in TypeScript with claim and record ÷ bare transaction with the same effect', effect.ratio, '≤ 1.8'),
    figure('Database', 'that effect ÷ the same beside a table of unique keys written by hand', effect.ratio / effect.naiveRatio, '≤ 1.4'),
    figure(
      'Database',
      'that effect ÷ the same as a workflow with one transaction of DBOS Transact',
      effect.ratio / effect.dbosRatio,
      '< 1',
    ),
    figure('Database', 'action on a mapped table of uuids ÷ on the tables of crm', mapped.ratio, '≤ 1.05'),
    figure('Database', 'bulk of 1,000 there ÷ on the tables of crm', mapped.bulkRatio, '≤ 1.05'),
    figure('Database', 'bulk of 1,000 leads: times faster than 1,000 single calls', bulk.faster, '≥ 50'),
  ]
}

function realtimeFigures({ fanOut }) {
  const { msPerEvent, rowCallsPerEvent } = fanOut.find(({ rows }) => rows === 10_000)
  return [
    figure('Realtime', 'ms an event among 10,000 watched rows', msPerEvent, '≤ 0.2'),
    figure('Realtime', 'listeners called for one event among 10,000 rows', rowCallsPerEvent, '≤ 1'),
  ]
}

function broadcastFigures({ click, catchUp, fanOut }) {
  const of = (mode, subscribers) => fanOut.find((row) => row.mode === mode && row.subscribers === subscribers)
  const ratio = (subscribers) => of('broadcast', subscribers).cpuMs / of('changes', subscribers).cpuMs
  return [
    figure('Broadcast', 'CPU of a whole click with the message ÷ one without', click.cpuRatio, '≤ 1.1'),
    figure('Broadcast', 'milliseconds of a whole click with the message ÷ one without', click.ratio, '≤ 1.1'),
    figure('Broadcast', 'CPU of a change that 1,000 hear ÷ by Postgres Changes', ratio(1_000), '≤ 0.2'),
    figure('Broadcast', 'CPU of a change that 5,000 hear ÷ by Postgres Changes', ratio(5_000), '≤ 0.2'),
    figure(
      'Broadcast',
      'the last of 5,000 hears it, 95 % of changes: ÷ by Postgres Changes',
      of('broadcast', 5_000).p95OfAllMs / of('changes', 5_000).p95OfAllMs,
      '< 1',
    ),
    figure(
      'Broadcast',
      'database CPU of a read of the log: one of a crowd ÷ alone',
      catchUp.crowd.databaseMs / catchUp.alone.databaseMs,
      '≤ 0.2',
    ),
  ]
}

const UI_NAMES = {
  mount: 'mounting 1,000 LeadStatusButtons ÷ plain buttons with useMutation',
  change: 'one event among 10,000 rows ÷ best of jotai and a keyed store',
}

function uiFigures(report) {
  return Object.entries(UI_NAMES).map(([name, label]) => figure('UI', label, report[name].ratio, `≤ ${report[name].budget}`))
}

/** Beside the figures kept from before the rooms were redrawn: a click's way must not grow longer again. */
function oneClickFigures({ before, now }) {
  return ['files', 'calls', 'entries'].map((what) =>
    figure('One click', `browser's side: ${WAY[what]}`, now.button.total[what], `≤ ${before.button.total[what]}`),
  )
}

const WAY = { files: 'source files entered', calls: 'function calls', entries: 'times it comes into a room from another' }

function sizeFigures({ pages }) {
  return PAGES.map(({ name, target }) => figure('Size', `page "${name}": kB at start above React`, pages[name].start.gzip, `≤ ${target}`))
}

/** Its gates carry their target in the name: "drain of 10000, ms an item (≤ 0.3)". */
function syncCoreFigures({ gates }) {
  return Object.entries(gates).flatMap(([gate, value]) => {
    const [, name, target] = /^(.*) \(([≤≥] [\d.]+)\)$/.exec(gate) ?? []
    return name === undefined ? [] : [figure('sync-core', name, value, target)]
  })
}

/** Every measurement in the order it runs: the package script that makes its results, and how they are read. */
export const MEASUREMENTS = [
  { name: 'one-click', results: 'results/one-click.json', figures: oneClickFigures },
  { name: 'sizes', results: 'results/sizes.json', figures: sizeFigures },
  { name: 'api', needs: 'redis', results: 'results/api.json', figures: apiFigures },
  { name: 'database', results: 'results/database.json', figures: databaseFigures },
  { name: 'realtime', needs: 'chromium', results: 'results/realtime.json', figures: realtimeFigures },
  { name: 'broadcast', results: 'results/broadcast.json', figures: broadcastFigures },
  { name: 'ui', needs: 'chromium', results: '.results/ui.json', figures: uiFigures },
  { name: 'sync-core', needs: 'chromium', results: 'results/sync-core.json', figures: syncCoreFigures },
]
