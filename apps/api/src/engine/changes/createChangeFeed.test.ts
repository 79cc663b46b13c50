import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { SqlRow } from '../database/Database.js'
import type { ChangeFeed } from './ChangeFeed.js'
import { createChangeFeed } from './createChangeFeed.js'

/** A database of pages; each read takes the next one, and waits when told to. */
class PagedDatabase {
  reads: unknown[][] = []
  pages: { changes: unknown[]; xid: string; seq: string; hasMore: boolean }[] = []
  failure: Error | null = null
  gate: Promise<void> = Promise.resolve()
  commit: () => void = () => undefined

  async query<Row extends SqlRow>(_text: string, params: readonly unknown[] = []): Promise<Row[]> {
    this.reads.push([...params])
    await this.gate
    if (this.failure !== null) throw this.failure
    const page = this.pages.shift() ?? { changes: [], xid: '9', seq: '0', hasMore: false }
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
    database.pages = [{ changes: [], xid: '5', seq: '0', hasMore: false }]
    await feed.start()
    database.commit()
    await settle()
    expect(database.reads).toEqual([
      [null, null],
      ['5', '0'],
    ])
  })

  test('reads on while there is more, after one commit', async () => {
    await feed.start()
    database.pages = [
      { changes: ['a', 'b'], xid: '5', seq: '2', hasMore: true },
      { changes: ['c'], xid: '6', seq: '0', hasMore: false },
    ]
    database.commit()
    await settle()
    expect(heard).toEqual(['a', 'b', 'c'])
  })

  test('finds the changes of other writers by polling', async () => {
    await feed.start()
    database.pages = [{ changes: ['theirs'], xid: '5', seq: '0', hasMore: false }]
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
      { changes: [], xid: '5', seq: '0', hasMore: false },
      { changes: ['late'], xid: '6', seq: '0', hasMore: false },
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
    database.pages = [{ changes: ['after'], xid: '5', seq: '0', hasMore: false }]
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
    database.pages = [{ changes: ['a'], xid: '5', seq: '0', hasMore: false }]
    database.commit()
    await settle()
    expect([heard, errors]).toEqual([['a'], [broken]])
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
