import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { SqlRow } from '../database/Database.js'
import type { ChangeFeed } from './ChangeFeed.js'
import { createChangeFeed } from './createChangeFeed.js'

const aPage = (fields: object) => ({ gone: false, changes: [], epoch: 'e', xid: '5', seq: '0', at: '1', hasMore: false, ...fields })

/** A database of pages; each read takes the next one, and waits when told to. */
class PagedDatabase {
  reads: unknown[][] = []
  pages: object[] = []
  failure: Error | null = null
  gate: Promise<void> = Promise.resolve()
  commit: () => void = () => undefined

  async query<Row extends SqlRow>(_text: string, params: readonly unknown[] = []): Promise<Row[]> {
    this.reads.push([...params])
    await this.gate
    if (this.failure !== null) throw this.failure
    const page = this.pages.shift() ?? aPage({ xid: '9' })
    return [{ page }] as unknown as Row[]
  }

  onCommit(listener: () => void): () => void {
    this.commit = listener
    return () => {
      this.commit = () => undefined
    }
  }
}

let database: PagedDatabase
let feed: ChangeFeed
let heard: unknown[]
let errors: unknown[]

beforeEach(() => {
  jest.useFakeTimers()
  database = new PagedDatabase()
  heard = []
  errors = []
  feed = createChangeFeed(database as never, { pollMs: 200, onError: (error) => errors.push(error) })
  feed.subscribe((changes) => heard.push(...changes))
})

afterEach(async () => {
  await feed.close()
  jest.useRealTimers()
})

const settle = () => jest.advanceTimersByTimeAsync(0)

describe('change feed', () => {
  test('begins where the log stands at the start', async () => {
    database.pages = [aPage({ changes: [], xid: '5', seq: '0', hasMore: false })]
    await feed.start()
    database.commit()
    await settle()
    expect(database.reads).toEqual([
      [null, null, null, null],
      ['e', '5', '0', '1'],
    ])
  })

  test('reads on while there is more, after one commit', async () => {
    await feed.start()
    database.pages = [
      aPage({ changes: ['a', 'b'], xid: '5', seq: '2', hasMore: true }),
      aPage({ changes: ['c'], xid: '6', seq: '0', hasMore: false }),
    ]
    database.commit()
    await settle()
    expect(heard).toEqual(['a', 'b', 'c'])
  })

  test('finds the changes of other writers by polling', async () => {
    await feed.start()
    database.pages = [aPage({ changes: ['theirs'], xid: '5', seq: '0', hasMore: false })]
    await jest.advanceTimersByTimeAsync(200)
    expect(heard).toEqual(['theirs'])
  })

  test('looks once more after a commit that came during a read', async () => {
    await feed.start()
    let open = (): void => undefined
    database.gate = new Promise((resolve) => {
      open = resolve
    })
    database.commit()
    database.commit()
    database.pages = [
      aPage({ changes: [], xid: '5', seq: '0', hasMore: false }),
      aPage({ changes: ['late'], xid: '6', seq: '0', hasMore: false }),
    ]
    open()
    await settle()
    expect(heard).toEqual(['late'])
  })

  test('tells of a failed read and goes on with the next poll', async () => {
    await feed.start()
    database.failure = new Error('the database is away')
    await jest.advanceTimersByTimeAsync(200)
    expect(errors).toEqual([database.failure])
    database.failure = null
    database.pages = [aPage({ changes: ['after'], xid: '5', seq: '0', hasMore: false })]
    await jest.advanceTimersByTimeAsync(200)
    expect(heard).toEqual(['after'])
  })

  test('goes on when a listener throws', async () => {
    const broken = new Error('a listener that breaks')
    feed = createChangeFeed(database as never, { pollMs: 200, onError: (error) => errors.push(error) })
    feed.subscribe(() => {
      throw broken
    })
    feed.subscribe((changes) => heard.push(...changes))
    await feed.start()
    database.pages = [aPage({ changes: ['a'], xid: '5', seq: '0', hasMore: false })]
    database.commit()
    await settle()
    expect([heard, errors]).toEqual([['a'], [broken]])
  })

  test('reads nothing while nobody listens, and tells whoever comes later that something may have come before', async () => {
    const quiet = createChangeFeed(database as never, { pollMs: 200 })
    await quiet.start()
    database.commit()
    await jest.advanceTimersByTimeAsync(1_000)
    expect(database.reads).toEqual([])
    const told: unknown[] = []
    const leave = quiet.subscribe((changes) => told.push(...changes), { onGap: () => told.push('gap') })
    await settle()
    database.pages = [aPage({ changes: ['a'] })]
    await jest.advanceTimersByTimeAsync(200)
    expect(told).toEqual(['gap', 'a'])
    leave()
    const { length } = database.reads
    await jest.advanceTimersByTimeAsync(1_000)
    expect(database.reads).toHaveLength(length)
    await quiet.close()
  })

  test('goes on from where the log stands when its place is gone, and says that there is a gap', async () => {
    const gap = jest.fn(() => heard.push('gap'))
    feed.subscribe(() => undefined, { onGap: gap })
    await feed.start()
    database.pages = [{ gone: true, vanished: false }, aPage({ xid: '7' }), aPage({ changes: ['a'] })]
    database.commit()
    await settle()
    database.commit()
    await settle()
    expect(heard).toEqual(['gap', 'a'])
    expect(gap).toHaveBeenCalledTimes(1)
  })

  test('is silent after it was closed', async () => {
    await feed.start()
    await feed.close()
    const { length } = database.reads
    database.commit()
    await jest.advanceTimersByTimeAsync(1_000)
    expect(database.reads).toHaveLength(length)
  })
})
