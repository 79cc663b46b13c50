import { beforeEach, describe, expect, it } from '@jest/globals'
import { recallRows, rememberRows } from './rememberedRows.js'

class FakeStorage implements Storage {
  readonly #entries = new Map<string, string>()
  full = false
  get length() {
    return this.#entries.size
  }
  key = (index: number) => [...this.#entries.keys()][index] ?? null
  getItem = (key: string) => this.#entries.get(key) ?? null
  removeItem = (key: string) => void this.#entries.delete(key)
  clear = () => this.#entries.clear()
  setItem = (key: string, value: string) => {
    if (this.full) throw new Error('QuotaExceededError')
    this.#entries.set(key, value)
  }
}

const ana = { tenant: 'org-1', actor: 'user-456' }
const eve = { tenant: 'org-2', actor: 'user-999' }
const rows = [{ id: 'lead-1', version: 3 }]

describe('remembered rows', () => {
  let storage: FakeStorage

  beforeEach(() => {
    storage = new FakeStorage()
  })

  it('come back for the one who saw them', () => {
    rememberRows('leads', ana, rows, storage)
    expect(recallRows('leads', ana, storage)?.rows).toEqual(rows)
  })

  it('are nobody else’s', () => {
    rememberRows('leads', ana, rows, storage)
    expect(recallRows('leads', eve, storage)).toBeNull()
  })

  it('are given up, not half kept, when the storage is full', () => {
    rememberRows('leads', ana, rows, storage)
    storage.full = true
    rememberRows('leads', ana, [...rows, { id: 'lead-2', version: 1 }], storage)
    expect(recallRows('leads', ana, storage)).toBeNull()
  })

  it('are nothing when what was kept cannot be read', () => {
    storage.setItem('rows:leads:org-1:user-456', '{"at":')
    expect(recallRows('leads', ana, storage)).toBeNull()
  })
})
