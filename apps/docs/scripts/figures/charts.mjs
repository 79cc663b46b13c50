import { readFileSync } from 'node:fs'
import { drawBars } from './drawBars.mjs'
import { drawLines } from './drawLines.mjs'

const results = (name) => JSON.parse(readFileSync(new URL(`../../../bench/results/${name}.json`, import.meta.url), 'utf8'))

/**
 * What is drawn of the last measurements: peers beside ours, and growth over size.
 * @returns {{ title: string, says: string, svg: string }[]}
 */
export function charts() {
  return [
    ...api(results('api')),
    ...queue(results('sync-core')),
    broadcast(results('broadcast')),
    rows(results('realtime')),
    weight(results('sizes')),
  ]
}

const isOurs = (name) => /^(ours|sync-core)/.test(name)

function api({ table }) {
  return [
    ['newKeys', 'A new key', 'Server CPU of a request with a new key, ÷ the same Express route without any middleware'],
    ['replays', 'A replay', 'Server CPU of a request whose key was answered before, ÷ the same route without any middleware'],
  ].map(([field, name, says]) => {
    const rows = table
      .filter(({ contestant }) => contestant !== 'bare')
      .map((row) => ({ name: row.contestant, value: row[field].ratio, ours: isOurs(row.contestant) }))
    return {
      title: `API: ${name.toLowerCase()}`,
      says,
      svg: drawBars({ title: name, unit: '÷ bare route', rows, mark: { at: 1, name: 'no middleware' } }),
    }
  })
}

/** Ours as a person clicks: one by one to be stored, then all to be sent. */
const QUEUES = {
  'sync-core, one click at a time': 'ours',
  'TanStack offline-transactions': 'TanStack offline-transactions',
  'Workbox background sync': 'Workbox background sync',
  'raw IndexedDB, strict': 'bare IndexedDB',
}

function queue({ table }) {
  return [
    ['enqueueMs', 'Storing clicks', 'Until so many clicks are on disk, one after another, in one tab'],
    ['drainMs', 'Sending what waited', 'Until so many stored clicks are sent, answered and deleted, after the network came back'],
  ].map(([field, title, says]) => {
    const lines = Object.entries(QUEUES).map(([subject, name]) => ({
      name,
      ours: isOurs(name),
      points: table.filter((row) => row.subject === subject).map((row) => [row.count, row[field] / 1_000]),
    }))
    return { title, says: `${says} (both axes by powers of ten)`, svg: drawLines({ title, x: 'clicks', y: 'seconds', lines }) }
  })
}

function broadcast({ fanOut }) {
  const lines = [
    ['broadcast', 'ours: broadcast', true],
    ['changes', 'Postgres Changes', false],
  ].map(([mode, name, ours]) => ({
    name,
    ours,
    points: fanOut.filter((row) => row.mode === mode).map(({ subscribers, cpuMs }) => [subscribers, cpuMs]),
  }))
  const title = 'Telling everybody'
  const says = 'CPU of gateway and database for one change that so many people hear (both axes by powers of ten)'
  return { title, says, svg: drawLines({ title, x: 'subscribers', y: 'milliseconds', lines }) }
}

function rows({ fanOut, selectors }) {
  const title = 'One change among many rows'
  const lines = [
    { name: 'ours', ours: true, points: fanOut.map((row) => [row.rows, row.msPerEvent]) },
    { name: 'a selector per row', ours: false, points: [[selectors.rows, selectors.msPerEvent]] },
  ]
  return {
    title,
    says: 'Until the one row that changed is told, while so many are watched',
    svg: drawLines({ title, x: 'watched rows', y: 'milliseconds', lines }),
  }
}

function weight({ pages, peers }) {
  const ours = ['hook', 'one button', 'everything'].map((name) => ({ name: `ours: ${name}`, value: pages[name].start.gzip, ours: true }))
  const theirs = Object.entries(peers).map(([name, { start }]) => ({
    name: name.split(':')[0].replace(' + db', ''),
    value: start.gzip,
    ours: false,
  }))
  const title = 'What a page starts with'
  return {
    title,
    says: 'kB of gzipped JavaScript beside React, in a production build. None of the others does the whole: TanStack stores and sends, the rest draw dialogs and menus',
    svg: drawBars({ title, unit: 'kB', rows: [...ours, ...theirs] }),
  }
}
