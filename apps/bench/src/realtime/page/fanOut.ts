import { createSyncClient, type FeedHandlers, type Transport } from '@org/sync-core'

const PAGE = 500

interface Lead {
  id: string
  version: number
  name: string
  status: string
  updated_by: null
  last_mutation_key: null
}

const leadAt = (index: number, version = 1): Lead => ({
  id: `lead-${index}`,
  version,
  name: `Lead ${index}`,
  status: version % 2 ? 'new' : 'contacted',
  updated_by: null,
  last_mutation_key: null,
})

/** Milliseconds per event and what ran, with every one of `rows` rows watched twice: in the store and as events. */
export async function fanOut(rows: number, events: number) {
  const feed: { handlers?: FeedHandlers } = {}
  let rowCalls = 0
  let eventCalls = 0
  const client = createSyncClient({
    getIdentity: () => ({ actor: 'ana', tenant: 'bench' }),
    transport: emptyLog,
    changeSource: {
      join: (_table, handlers) => {
        feed.handlers = handlers
        handlers.onStatus('flowing')
        return () => {}
      },
      refreshAuth: async () => {},
      close: () => {},
    },
    snapshot: async function* () {
      for (let from = 0; from < rows; from += PAGE)
        yield Array.from({ length: Math.min(PAGE, rows - from) }, (_, index) => leadAt(from + index))
    },
  })
  for (let index = 0; index < rows; index += 1) {
    client.subscribeRow('leads', `lead-${index}`, () => (rowCalls += 1))
    client.realtime.subscribe('leads', () => (eventCalls += 1), { id: `lead-${index}` })
  }
  await untilLive(client)
  rowCalls = 0
  const began = performance.now()
  for (let event = 0; event < events; event += 1) {
    const index = (event * 7_919) % rows
    const row = leadAt(index, 2 + Math.floor(event / rows) + event)
    feed.handlers?.onChange({ eventType: 'UPDATE', new: row, old: { id: row.id }, errors: null })
    client.getRow('leads', row.id)
  }
  const msPerEvent = perEvent(began, events)
  client.destroy()
  return { rows, msPerEvent, rowCallsPerEvent: rowCalls / events, eventCallsPerEvent: eventCalls / events }
}

/** The usual way: one store, every component selects its row from it at every change. */
export function globalSelectors(rows: number, events: number) {
  let state = new Map(Array.from({ length: rows }, (_, index) => [`lead-${index}`, leadAt(index)]))
  const listeners = new Set<() => void>()
  let selections = 0
  for (let index = 0; index < rows; index += 1) {
    const id = `lead-${index}`
    let selected = state.get(id)
    listeners.add(() => {
      selections += 1
      const next = state.get(id)
      if (next !== selected) selected = next
    })
  }
  const began = performance.now()
  for (let event = 0; event < events; event += 1) {
    const row = leadAt((event * 7_919) % rows, event + 2)
    state = new Map(state).set(row.id, row)
    for (const listener of listeners) listener()
  }
  return { rows, msPerEvent: perEvent(began, events), selectionsPerEvent: selections / events }
}

/** Rounded to tenths of a microsecond. */
function perEvent(began: number, events: number): number {
  return Math.round(((performance.now() - began) / events) * 10_000) / 10_000
}

const emptyLog: Transport = {
  send: async () => ({
    kind: 'answer',
    status: 200,
    header: () => null,
    json: { changes: [], next: 'c', hasMore: false, horizonLagMs: 0, epoch: 'e' },
  }),
}

function untilLive(client: ReturnType<typeof createSyncClient>): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.realtime.subscribeState(check)
    function check() {
      if (client.realtime.getState('leads').state !== 'live') return
      stop()
      resolve()
    }
  })
}
