import { expect, it } from '@jest/globals'
import { SharedReads } from './SharedReads.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Looks that end when the test says so. */
function someLooks({ most = 50 } = {}) {
  const looks: { group: string; keys: readonly string[]; end(): Promise<void>; fail(error: Error): Promise<void> }[] = []
  const reads = new SharedReads<string, string>({
    most,
    read: (group, keys) =>
      new Promise((resolve, reject) => {
        const after = (act: () => void) => {
          act()
          return turn() as Promise<void>
        }
        const number = looks.length + 1
        looks.push({
          group,
          keys,
          end: () => after(() => resolve(keys.map((key) => `${key} of look ${number}`))),
          fail: (error) => after(() => reject(error)),
        })
      }),
  })
  return { reads, looks }
}

it('reads at once for the first, and once for all who come meanwhile, after they came', async () => {
  const { reads, looks } = someLooks()
  const first = reads.read('org-1', 'a')
  const crowd = Array.from({ length: 1_000 }, (_, n) => reads.read('org-1', n % 2 === 0 ? 'a' : 'b'))
  expect(looks.map(({ keys }) => keys)).toEqual([['a']])
  await looks[0]?.end()
  expect(looks.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b']])
  await looks[1]?.end()
  expect(await first).toBe('a of look 1')
  expect(new Set(await Promise.all(crowd))).toEqual(new Set(['a of look 2', 'b of look 2']))
  expect(reads.size).toBe(0)
})

it('never answers with a look that began before somebody asked', async () => {
  const { reads, looks } = someLooks()
  const answers: Promise<string>[] = []
  for (let n = 0; n < 5; n += 1) {
    answers.push(reads.read('org-1', 'a'))
    await turn()
  }
  await looks[0]?.end()
  answers.push(reads.read('org-1', 'a'))
  await looks[1]?.end()
  await looks[2]?.end()
  expect(await Promise.all(answers)).toEqual(['a of look 1', ...Array(4).fill('a of look 2'), 'a of look 3'])
})

it('lets no organisation wait for another', async () => {
  const { reads, looks } = someLooks()
  void reads.read('org-1', 'a')
  const other = reads.read('org-2', 'a')
  expect(looks.map(({ group }) => group)).toEqual(['org-1', 'org-2'])
  await looks[1]?.end()
  expect(await other).toBe('a of look 2')
})

it('looks at so many keys at a time, in the order they were asked for', async () => {
  const { reads, looks } = someLooks({ most: 2 })
  const all = ['a', 'b', 'c', 'd'].map((key) => reads.read('org-1', key))
  for (const n of [0, 1, 2]) await looks[n]?.end()
  await Promise.all(all)
  expect(looks.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c'], ['d']])
})

it('tells everybody who waited that it failed, and goes on with the next', async () => {
  const { reads, looks } = someLooks()
  const [first, second] = [reads.read('org-1', 'a'), reads.read('org-1', 'a')]
  const failed = expect(first).rejects.toThrow('away')
  await looks[0]?.fail(new Error('away'))
  await failed
  await looks[1]?.end()
  expect(await second).toBe('a of look 2')
})
