import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { untilEnded } from './untilEnded.js'

let warned: jest.SpiedFunction<typeof process.emitWarning>

beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
})
afterEach(() => warned.mockRestore())

/** As libraries make them: with private state, an accessor, and builders. */
class Tx {
  readonly asked: string[] = []
  #name = 'tx'
  query(text: string): Promise<string> {
    this.asked.push(text)
    return Promise.resolve(this.#name)
  }
  get name(): string {
    return this.#name
  }
  set name(name: string) {
    this.#name = name
  }
  insert(table: string) {
    return { values: (value: number) => this.query(`${table} ${value}`) }
  }
}

const LATE = 'This transaction has ended'

describe('a handle', () => {
  test('works as the real one until its effect has ended', async () => {
    const tx = new Tx()
    const { handle } = untilEnded(tx)
    handle.name = 'renamed'
    expect([await handle.query('a'), await handle.insert('b').values(1), handle.name, handle.asked]).toEqual([
      'renamed',
      'renamed',
      'renamed',
      ['a', 'b 1'],
    ])
    expect([handle instanceof Tx, handle.constructor, handle.query]).toEqual([true, Tx, handle.query])
    expect(warned).not.toHaveBeenCalled()
  })

  test('that is a function, or holds what cannot change, works too', () => {
    const tx = Object.freeze(Object.assign((text: string) => text.length, { raw: (text: string) => `raw ${text}` }))
    const { handle, end } = untilEnded(tx)
    expect([handle('abc'), handle.raw('a')]).toEqual([3, 'raw a'])
    end()
    expect(typeof handle('abc')).toBe('function')
    expect(warned).toHaveBeenCalledTimes(1)
  })

  test.each([null, undefined, 7, 'tx'])('that is none (%s) is left as it is', (tx) => {
    expect(untilEnded(tx).handle).toBe(tx)
  })

  test('reaches nothing once it has ended: whoever awaits learns it, nobody else is hurt, and it is told', async () => {
    const unheard = jest.fn()
    process.on('unhandledRejection', unheard)
    const tx = new Tx()
    const { handle, end } = untilEnded(tx)
    end()
    void handle.query('late')
    handle.insert('late').values(1)
    await expect(handle.query('late')).rejects.toThrow(LATE)
    await expect(handle.insert('late').values(1)).rejects.toThrow(LATE)
    expect(await handle.query('late').catch((error: unknown) => String(error))).toContain(LATE)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unheard)
    expect([tx.asked, unheard.mock.calls, warned.mock.calls.length]).toEqual([[], [], 5])
    expect(warned.mock.calls[0]).toEqual([expect.stringContaining(LATE), 'InLedgerWarning'])
  })

  test('lets a statement fail that nobody awaits without ending the process', async () => {
    const unheard = jest.fn()
    process.on('unhandledRejection', unheard)
    const { handle } = untilEnded({ query: () => Promise.reject(new Error('no')) })
    void handle.query()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
  })
})
