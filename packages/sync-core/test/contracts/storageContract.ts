import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Entry, MutationStorage, StorageKey, StorageWrite } from '../../src/ports/MutationStorage.js'

/** What every storage must keep, whatever it is made of. `open` opens the same store again each time it is called. */
export function storageContract(name: string, makeOpen: () => () => Promise<MutationStorage>): void {
  describe(`${name} as mutation storage`, () => {
    let open: () => Promise<MutationStorage>
    let storage: MutationStorage
    beforeEach(async () => {
      open = makeOpen()
      storage = await open()
    })
    afterEach(() => storage.close())

    const write = (writes: StorageWrite[], strict = true) => storage.transaction({ strict }, async () => writes)
    const read = async (key: StorageKey) => {
      let values: readonly unknown[] = []
      await storage.transaction({ strict: false }, async (reader) => {
        values = await reader.getMany([key])
        return []
      })
      return values[0]
    }

    test('what was written is read by the next transaction and by another connection', async () => {
      await write([
        { key: 'a', value: { n: 1 } },
        { key: 'b', value: 2 },
      ])
      expect(await read('a')).toEqual({ n: 1 })
      const other = await open()
      expect(new Map(await other.entries())).toEqual(
        new Map<string, unknown>([
          ['a', { n: 1 }],
          ['b', 2],
        ]),
      )
      other.close()
    })

    test('a missing key reads as undefined, in the order asked', async () => {
      await write([{ key: 'b', value: 2 }])
      let values: readonly unknown[] = []
      await storage.transaction({ strict: false }, async (reader) => {
        values = await reader.getMany(['a', 'b', 'c'])
        return []
      })
      expect(values).toEqual([undefined, 2, undefined])
    })

    test('undefined deletes', async () => {
      await write([{ key: 'a', value: 1 }])
      await write([{ key: 'a', value: undefined }])
      expect(await storage.entries()).toEqual([])
    })

    test('several reads inside one transaction see one state', async () => {
      await write([
        { key: 'head', value: 'x' },
        { key: 'x', value: 'found' },
      ])
      let found: readonly unknown[] = []
      await storage.transaction({ strict: false }, async (reader) => {
        const [head] = await reader.getMany(['head'])
        found = await reader.getMany([String(head)])
        return [{ key: 'seen', value: true }]
      })
      expect(found).toEqual(['found'])
      expect(await read('seen')).toBe(true)
    })

    test('concurrent transactions never lose an update', async () => {
      const other = await open()
      const add = (store: MutationStorage) =>
        store.transaction({ strict: false }, async (reader) => {
          const [n] = await reader.getMany(['n'])
          return [{ key: 'n', value: ((n as number | undefined) ?? 0) + 1 }]
        })
      await Promise.all(Array.from({ length: 40 }, (_, index) => add(index % 2 === 0 ? storage : other)))
      expect(await read('n')).toBe(40)
      other.close()
    })

    test('a plan that fails writes nothing and rejects with its own error', async () => {
      const failing = storage.transaction({ strict: true }, async (reader) => {
        await reader.getMany(['a'])
        throw new RangeError('no plan')
      })
      await expect(failing).rejects.toThrow('no plan')
      expect(await storage.entries()).toEqual([])
      await write([{ key: 'a', value: 1 }])
      expect(await read('a')).toBe(1)
    })

    test('one value that cannot be stored leaves nothing of its transaction behind', async () => {
      const failing = write([
        { key: 'a', value: 1 },
        { key: 'b', value: () => 'functions cannot be cloned' },
      ])
      await expect(failing).rejects.toThrow()
      expect(await storage.entries()).toEqual([])
    })

    test('all entries are read inside a transaction as well', async () => {
      await write([
        { key: 'a', value: 1 },
        { key: 'b', value: { n: 2 } },
      ])
      let found: readonly Entry[] = []
      await storage.transaction({ strict: false }, async (reader) => {
        found = await reader.entries()
        return [{ key: 'a', value: undefined }]
      })
      expect(new Map(found)).toEqual(
        new Map<string, unknown>([
          ['a', 1],
          ['b', { n: 2 }],
        ]),
      )
      expect(await read('a')).toBeUndefined()
    })

    test('an entry that must be new is stored like any other', async () => {
      expect(await write([{ key: 1, value: 'first', isNew: true }])).toBe(true)
      expect(await read(1)).toBe('first')
    })

    test('an entry that must be new and is not refuses its whole transaction', async () => {
      await write([{ key: 1, value: 'first' }])
      const refused = write([
        { key: 'a', value: 1 },
        { key: 2, value: 'second', isNew: true },
        { key: 1, value: 'other', isNew: true },
        { key: 'b', value: 2 },
      ])
      expect(await refused).toBe(false)
      expect(await storage.entries()).toEqual([[1, 'first']])
      expect(await write([{ key: 2, value: 'second', isNew: true }])).toBe(true)
    })

    test('two who add at the same place at the same moment: one is let in', async () => {
      const other = await open()
      const add = (store: MutationStorage, value: string) =>
        store.transaction({ strict: true }, async () => [{ key: 7, value, isNew: true }])
      expect(await Promise.all([add(storage, 'one'), add(other, 'two')])).toEqual([true, false])
      expect(await read(7)).toBe('one')
      other.close()
    })

    test('places are named in their order, as numbers and not as texts, and names are none of them', async () => {
      await write([2, 10, 9, 'a', '11', 1].map((key) => ({ key, value: key })))
      let found: readonly number[] = []
      await storage.transaction({ strict: false }, async (reader) => {
        found = await reader.keysAfter(1)
        return []
      })
      expect(found).toEqual([2, 9, 10])
    })

    test('what was read is a copy', async () => {
      await write([{ key: 'a', value: { list: [1] } }])
      const copy = (await read('a')) as { list: number[] }
      copy.list.push(2)
      expect(await read('a')).toEqual({ list: [1] })
    })
  })
}
