import { expect, test } from '@jest/globals'
import type { BaseRow } from '@org/contracts'
import fc from 'fast-check'
import { createEntityStore } from '../../src/store/createEntityStore.js'
import type { EntityStore, RowState } from '../../src/store/EntityStore.js'
import { modelRuns } from '../model/modelRuns.js'

const ROWS = ['a', 'b', 'c']
const MUTATIONS = ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']

type Step =
  | { kind: 'click'; mutation: string; rows: string[]; withSeq: boolean }
  | { kind: 'stored'; mutation: string }
  | { kind: 'commit'; mutation: string }
  | { kind: 'reject'; mutation: string }
  | { kind: 'answer'; mutation: string; withRows: boolean }
  | { kind: 'event'; position: number }
  | { kind: 'snapshot' }
  | { kind: 'foreign write'; row: string; remove: boolean }
  | { kind: 'catch-up begins' }
  | { kind: 'catch-up ends' }

const aMutation = fc.constantFrom(...MUTATIONS)
const step = <Kind extends Step['kind'], Fields extends object>(
  kind: Kind,
  fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
) => fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<{ kind: Kind } & Fields>

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: step('click', { mutation: aMutation, rows: fc.subarray(ROWS, { minLength: 1 }), withSeq: fc.boolean() }) },
  { weight: 2, arbitrary: step('stored', { mutation: aMutation }) },
  { weight: 5, arbitrary: step('commit', { mutation: aMutation }) },
  { weight: 1, arbitrary: step('reject', { mutation: aMutation }) },
  { weight: 4, arbitrary: step('answer', { mutation: aMutation, withRows: fc.boolean() }) },
  { weight: 6, arbitrary: step('event', { position: fc.nat(20) }) },
  { weight: 1, arbitrary: step('snapshot', {}) },
  { weight: 2, arbitrary: step('foreign write', { row: fc.constantFrom(...ROWS), remove: fc.boolean() }) },
  { weight: 2, arbitrary: step('catch-up begins', {}) },
  { weight: 2, arbitrary: step('catch-up ends', {}) },
)

interface Mutation {
  rows: string[]
  seq: number
  state: 'clicked' | 'committed' | 'rejected'
  committed: BaseRow[]
}

/** A server that commits and a client that hears of it in any order; the store is the real one. */
class World {
  readonly store: EntityStore = createEntityStore({ report: (code) => expect(code).toBe('nothing to report') })
  readonly mutations = new Map<string, Mutation>()
  readonly log: RowState[] = []
  readonly server = new Map<string, BaseRow>()
  /** (mutation, row) pairs that a full row covers: they must never show as pending again. */
  readonly covered = new Set<string>()
  readonly #versions = new Map<string, number>()
  #catchUp: { mark: number; states: RowState[] } | null = null

  take(what: Step): void {
    if ('mutation' in what) this.#mutate(what)
    else if (what.kind === 'event') this.#hear(this.log.slice(what.position, what.position + 1))
    else if (what.kind === 'foreign write') this.#writeForeign(what.row, what.remove)
    else if (what.kind === 'catch-up begins') this.#catchUp = { mark: this.store.mark(), states: [...this.log] }
    else if (what.kind === 'catch-up ends') this.#endCatchUp()
    else {
      for (const row of this.server.values()) this.covered.add(`${row.last_mutation_key} ${row.id}`)
      this.store.ingest('rows', [...this.server.values()])
    }
  }

  #mutate(what: Extract<Step, { mutation: string }>): void {
    const mutation = this.mutations.get(what.mutation)
    if (what.kind === 'click' && !mutation) {
      this.mutations.set(what.mutation, { rows: what.rows, seq: this.mutations.size, state: 'clicked', committed: [] })
      this.show(what.mutation, what.withSeq)
    } else if (what.kind === 'stored' && mutation && mutation.state !== 'rejected') this.show(what.mutation, true)
    else if (what.kind === 'commit' && mutation?.state === 'clicked') {
      mutation.state = 'committed'
      mutation.committed = mutation.rows.map((row) => this.write(row, what.mutation))
    } else if (what.kind === 'reject' && mutation?.state === 'clicked') {
      mutation.state = 'rejected'
      this.store.dropOverlay(what.mutation)
    } else if (what.kind === 'answer' && mutation?.state === 'committed') {
      this.#answer(what.mutation, what.withRows ? mutation.committed : [])
    }
  }

  #answer(mutation: string, rows: readonly BaseRow[]): void {
    for (const row of rows) this.covered.add(`${mutation} ${row.id}`)
    const answered = rows.map((row) => ({ table: 'rows', row }))
    this.store.acknowledge(mutation, answered)
  }

  #endCatchUp(): void {
    if (!this.#catchUp) return
    this.#hear(this.#catchUp.states)
    this.store.settleAcknowledged(this.#catchUp.mark)
    this.#catchUp = null
  }

  #writeForeign(id: string, remove: boolean): void {
    if (!remove) this.write(id, null)
    else if (this.server.delete(id)) this.log.push({ table: 'rows', id, version: this.#next(id), row: null, mutationKey: null })
  }

  show(id: string, withSeq: boolean): void {
    const { rows, seq } = this.mutations.get(id)!
    const patches = rows.map((row) => ({ table: 'rows', id: row, patch: { value: id } }))
    this.store.addOverlay(withSeq ? { id, seq, patches } : { id, patches })
  }

  write(id: string, mutationKey: string | null): BaseRow {
    const row = { id, version: this.#next(id), value: mutationKey ?? 'foreign', last_mutation_key: mutationKey }
    this.server.set(id, row)
    this.log.push({ table: 'rows', id, version: row.version, row, mutationKey })
    return row
  }

  #next(id: string): number {
    const version = (this.#versions.get(id) ?? 0) + 1
    this.#versions.set(id, version)
    return version
  }

  #hear(states: readonly RowState[]): void {
    for (const { mutationKey, id } of states) this.covered.add(`${mutationKey} ${id}`)
    this.store.applyChanges(states)
  }
}

function checkViews(world: World, seenVersions: Map<string, number>): void {
  for (const id of ROWS) {
    const view = world.store.getRow('rows', id)
    if (!view) continue
    const version = view.base?.version ?? 0
    // A deletion in between makes the base go, never go back.
    expect(version === 0 || version >= (seenVersions.get(id) ?? 0)).toBe(true)
    seenVersions.set(id, Math.max(version, seenVersions.get(id) ?? 0))
    for (const pendingId of view.pendingIds) expect(world.covered.has(`${pendingId} ${id}`)).toBe(false)
    expect(view.row.value).toBe(view.pendingIds.at(-1) ?? view.base?.value)
    expect(world.store.getRow('rows', id)).toBe(view)
  }
}

test('clicks, answers, events and catch-ups in any order end in the server’s rows under the clicks still pending', () => {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 60 }), (steps) => {
      const world = new World()
      const seenVersions = new Map<string, number>()
      for (const what of steps) {
        world.take(what)
        checkViews(world, seenVersions)
      }
      for (const [id, { state }] of world.mutations) if (state === 'clicked') world.show(id, true)
      world.take({ kind: 'catch-up begins' })
      world.take({ kind: 'catch-up ends' })
      const pending = [...world.mutations].filter(([, { state }]) => state === 'clicked').sort(([, a], [, b]) => a.seq - b.seq)
      for (const id of ROWS) {
        const own = pending.filter(([, { rows }]) => rows.includes(id)).map(([key]) => key)
        const view = world.store.getRow('rows', id)
        const gone = !world.server.has(id)
        expect(view?.base).toEqual(world.server.get(id))
        if (!gone) expect(view?.pendingIds).toEqual(own)
      }
      expect(world.store.getRows('rows')).toHaveLength(world.server.size)
    }),
    modelRuns(500),
  )
})
