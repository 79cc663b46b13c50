import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { BaseRow } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { dropBase, removeUnseen } from '../realtime/reviseRows.js'
import { createEntityStore } from './createEntityStore.js'
import type { EntityStore, RowState } from './EntityStore.js'

const KEY_A = '0190a000-0000-7000-8000-00000000000a'
const KEY_B = '0190a000-0000-7000-8000-00000000000b'

let reported: string[]
let store: EntityStore

beforeEach(() => {
  reported = []
  store = createEntityStore({ report: (code) => reported.push(code) })
})

const lead = (version: number, fields: Record<string, unknown> = {}) => aLead({ version, ...fields }) as BaseRow
const status = () => store.getRow('leads', 'lead-123')?.row.status
const overlay = (id: string, value: string, seq?: number) => ({
  id,
  seq,
  patches: [{ table: 'leads', id: 'lead-123', patch: { status: value } }],
})

function stateOf(row: BaseRow): RowState {
  return { table: 'leads', id: row.id, version: row.version, row, mutationKey: row.last_mutation_key ?? null }
}

function tombstone(version: number): RowState {
  return { table: 'leads', id: 'lead-123', version, row: null, mutationKey: null }
}

describe('base rows', () => {
  test('keeps the higher version whichever order they arrive in', () => {
    expect(store.applyChanges([stateOf(lead(2, { status: 'won' })), stateOf(lead(1)), stateOf(lead(2))])).toEqual([
      'applied',
      'stale',
      'duplicate',
    ])
    expect(status()).toBe('won')
  })

  test('does not let a late event bring a deleted row back', () => {
    store.applyChanges([tombstone(3), stateOf(lead(2))])
    expect(store.getRow('leads', 'lead-123')).toBeUndefined()
    expect(store.getRows('leads')).toEqual([])
  })

  test('shows a row again that was inserted anew after its deletion', () => {
    store.applyChanges([tombstone(3), stateOf(lead(4))])
    expect(status()).toBe('new')
  })

  test('reports a row without id or version and keeps the others', () => {
    store.ingest('leads', [{ id: 'lead-1' }, null, lead(1)])
    expect(reported).toEqual(['ROW_MALFORMED', 'ROW_MALFORMED'])
    expect(store.getRows('leads')).toHaveLength(1)
  })

  test('a snapshot removes what it did not show, except rows that entered while it was read', () => {
    store.ingest('leads', [lead(1), lead(1, { id: 'lead-gone' })])
    const mark = store.mark()
    store.ingest('leads', [lead(1, { id: 'lead-fresh' })])
    removeUnseen(store, 'leads', new Set(['lead-123']), mark)
    expect(store.getRows('leads').map(({ row }) => row.id)).toEqual(['lead-123', 'lead-fresh'])
  })

  test('a new epoch forgets versions and keeps mutations', () => {
    store.ingest('leads', [lead(9)])
    store.addOverlay(overlay(KEY_A, 'contacted'))
    dropBase(store)
    store.ingest('leads', [lead(1, { name: 'Restored' })])
    expect(store.getRow('leads', 'lead-123')?.row).toMatchObject({ name: 'Restored', status: 'contacted', version: 1 })
  })
})

describe('overlays', () => {
  beforeEach(() => store.ingest('leads', [lead(1)]))

  test('shows pending mutations in the order of the queue, not of their arrival', () => {
    store.addOverlay(overlay(KEY_B, 'qualified', 2))
    store.addOverlay(overlay(KEY_A, 'contacted', 1))
    expect(store.getRow('leads', 'lead-123')).toMatchObject({ row: { status: 'qualified', version: 1 }, pendingIds: [KEY_A, KEY_B] })
  })

  test('folds a failed one away without restoring what stood before its click', () => {
    store.addOverlay(overlay(KEY_A, 'contacted', 1))
    store.applyChanges([stateOf(lead(2, { status: 'lost' }))])
    store.addOverlay(overlay(KEY_B, 'qualified', 2))
    store.dropOverlay(KEY_B)
    store.dropOverlay(KEY_A)
    expect(status()).toBe('lost')
  })

  test('keeps a later click over an earlier one that fails', () => {
    store.addOverlay(overlay(KEY_A, 'contacted', 1))
    store.addOverlay(overlay(KEY_B, 'qualified', 2))
    store.dropOverlay(KEY_A)
    expect(status()).toBe('qualified')
  })

  test('is idempotent, and learning the seq of an only mutation changes no view', () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    const view = store.getRow('leads', 'lead-123')
    const listener = jest.fn()
    store.subscribeRow('leads', 'lead-123', listener)
    store.addOverlay(overlay(KEY_A, 'contacted'))
    store.addOverlay(overlay(KEY_A, 'contacted', 7))
    expect(store.getRow('leads', 'lead-123')).toBe(view)
    expect(listener).not.toHaveBeenCalled()
  })

  test("the answer's row replaces its overlay in one step, so no listener sees the state before the click", () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    const seen: unknown[] = []
    store.subscribeRow('leads', 'lead-123', () => seen.push(status()))
    store.acknowledge(KEY_A, [{ table: 'leads', row: lead(2, { status: 'contacted', last_mutation_key: KEY_A }) }])
    expect(seen).toEqual(['contacted'])
    expect(store.getRow('leads', 'lead-123')?.pendingIds).toEqual([])
  })

  test('an event that arrives before the answer drops the overlay, and the answer changes nothing more', () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    store.applyChanges([stateOf(lead(2, { status: 'contacted', last_mutation_key: KEY_A }))])
    const view = store.getRow('leads', 'lead-123')
    store.acknowledge(KEY_A, [{ table: 'leads', row: lead(2, { status: 'contacted', last_mutation_key: KEY_A }) }])
    expect(store.getRow('leads', 'lead-123')).toBe(view)
    expect(view?.pendingIds).toEqual([])
  })

  test('an answer older than the base drops the overlay as well', () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    store.applyChanges([stateOf(lead(3, { status: 'won' }))])
    store.acknowledge(KEY_A, [{ table: 'leads', row: lead(2, { status: 'contacted', last_mutation_key: KEY_A }) }])
    expect(status()).toBe('won')
  })

  test('a late event of the mutation drops its overlay, although the base is newer already', () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    store.ingest('leads', [lead(3, { status: 'won' })])
    expect(status()).toBe('contacted')
    store.applyChanges([stateOf(lead(2, { status: 'contacted', last_mutation_key: KEY_A }))])
    expect(status()).toBe('won')
  })

  test('a click that is not stored yet comes after all that are', () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    store.addOverlay(overlay(KEY_B, 'qualified', 1))
    expect(status()).toBe('contacted')
    store.addOverlay(overlay(KEY_A, 'contacted', 2))
    expect(status()).toBe('contacted')
  })

  test('a late message of another tab cannot bring back an overlay that a full row covers', () => {
    store.applyChanges([stateOf(lead(2, { status: 'contacted', last_mutation_key: KEY_A }))])
    store.addOverlay(overlay(KEY_A, 'contacted'))
    expect(store.getRow('leads', 'lead-123')?.pendingIds).toEqual([])

    store.acknowledge(KEY_B, [{ table: 'leads', row: lead(3, { status: 'qualified' }) }])
    store.applyChanges([stateOf(lead(4, { status: 'won' }))])
    store.addOverlay(overlay(KEY_B, 'qualified'))
    expect(status()).toBe('won')
  })

  test('an event of one row of a bulk mutation leaves its other rows provisional', () => {
    const patches = ['lead-123', 'lead-124'].map((id) => ({ table: 'leads', id, patch: { status: 'contacted' } }))
    store.ingest('leads', [lead(1, { id: 'lead-124' })])
    store.addOverlay({ id: KEY_A, patches })
    store.applyChanges([stateOf(lead(2, { status: 'contacted', last_mutation_key: KEY_A }))])
    expect(store.getRow('leads', 'lead-123')?.pendingIds).toEqual([])
    expect(store.getRow('leads', 'lead-124')?.pendingIds).toEqual([KEY_A])
  })

  test('a patch whose row the answer lacks stays until a catch-up that began afterwards has ended', () => {
    store.addOverlay(overlay(KEY_A, 'contacted'))
    const before = store.mark()
    store.acknowledge(KEY_A, [])
    store.settleAcknowledged(before)
    expect(status()).toBe('contacted')
    store.settleAcknowledged(store.mark())
    expect(status()).toBe('new')
  })

  test('knows a row of which only an overlay exists, but does not list it', () => {
    store.addOverlay({ id: KEY_A, patches: [{ table: 'leads', id: 'lead-9', patch: { status: 'won' } }] })
    expect(store.getRow('leads', 'lead-9')).toEqual({
      row: { id: 'lead-9', version: 0, status: 'won' },
      base: undefined,
      pendingIds: [KEY_A],
    })
    expect(store.getRows('leads').map(({ row }) => row.id)).toEqual(['lead-123'])
    store.dropOverlay(KEY_A)
    expect(store.getRow('leads', 'lead-9')).toBeUndefined()
  })

  test('a mutation that is taken up again with its old key shows again', () => {
    store.addOverlay(overlay(KEY_A, 'contacted', 1))
    store.dropOverlay(KEY_A)
    store.addOverlay(overlay(KEY_A, 'contacted', 5))
    expect(status()).toBe('contacted')
  })
})

describe('listeners', () => {
  test("one row's event runs listeners of that row and its table alone", () => {
    store.ingest('leads', [lead(1), lead(1, { id: 'lead-124' })])
    const own = jest.fn()
    const other = jest.fn()
    const table = jest.fn()
    const otherTable = jest.fn()
    store.subscribeRow('leads', 'lead-123', own)
    store.subscribeRow('leads', 'lead-124', other)
    store.subscribeTable('leads', table)
    store.subscribeTable('appointments', otherTable)
    store.applyChanges([stateOf(lead(2))])
    expect([own, other, table, otherTable].map((listener) => listener.mock.calls.length)).toEqual([1, 0, 1, 0])
  })

  test('results keep their identity while nothing in them changed', () => {
    store.ingest('leads', [lead(1), lead(1, { id: 'lead-124' })])
    const [rows, untouched] = [store.getRows('leads'), store.getRow('leads', 'lead-124')]
    store.ingest('leads', [lead(1)])
    expect(store.getRows('leads')).toBe(rows)
    store.ingest('leads', [lead(2)])
    expect(store.getRows('leads')).not.toBe(rows)
    expect(store.getRow('leads', 'lead-124')).toBe(untouched)
    expect(store.getRows('nothing')).toBe(store.getRows('nothing'))
  })

  test('one that throws is reported and keeps nobody else from being told', () => {
    const second = jest.fn()
    store.subscribeRow('leads', 'lead-123', () => {
      throw new Error('broken component')
    })
    store.subscribeRow('leads', 'lead-123', second)
    store.ingest('leads', [lead(1)])
    expect(second).toHaveBeenCalledTimes(1)
    expect(reported).toEqual(['LISTENER_THREW'])
  })

  test('one function subscribed twice leaves one subscription when one is ended, however often', () => {
    const listener = jest.fn()
    const end = store.subscribeRow('leads', 'lead-123', listener)
    store.subscribeRow('leads', 'lead-123', listener)
    end()
    end()
    store.ingest('leads', [lead(1)])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('another person: everything is forgotten, and whoever watches is told', () => {
    store.ingest('leads', [lead(1)])
    store.addOverlay(overlay(KEY_A, 'contacted'))
    const row = jest.fn()
    const table = jest.fn()
    store.subscribeRow('leads', 'lead-123', row)
    store.subscribeTable('leads', table)
    store.purge()
    expect([row, table].map((listener) => listener.mock.calls.length)).toEqual([1, 1])
    expect(store.getRow('leads', 'lead-123')).toBeUndefined()
    expect(store.getRows('leads')).toEqual([])
    store.ingest('leads', [lead(1)])
    expect(store.getRow('leads', 'lead-123')?.pendingIds).toEqual([])
  })
})
