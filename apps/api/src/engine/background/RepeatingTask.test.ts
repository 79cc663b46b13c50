import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { RepeatingTask } from './RepeatingTask.js'

let turns: number[]
let found: boolean | Error
let wake: () => void
let task: RepeatingTask
let errors: unknown[]

beforeEach(() => {
  jest.useFakeTimers({ now: 0 })
  turns = []
  errors = []
  found = false
  task = new RepeatingTask({
    everyMs: 1_000,
    idleEveryMs: 5_000,
    turn: async () => {
      turns.push(Date.now())
      if (found instanceof Error) throw found
      return found
    },
    onWake: (wakeUp) => {
      wake = wakeUp
    },
    onError: (error) => errors.push(error),
  }).start()
})

afterEach(async () => {
  await task.stop()
  jest.useRealTimers()
})

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

describe('a background task', () => {
  test('turns ever more rarely while there is nothing to do, down to its idle pace', async () => {
    await pass(22_000)
    expect(turns).toEqual([1_000, 3_000, 7_000, 12_000, 17_000, 22_000])
  })

  test('keeps its pace while there is work', async () => {
    found = true
    await pass(4_000)
    expect(turns).toEqual([1_000, 2_000, 3_000, 4_000])
  })

  test('comes back to its pace as soon as somebody made work', async () => {
    await pass(12_500)
    wake()
    wake()
    await pass(1_000)
    expect(turns.at(-1)).toBe(13_500)
  })

  test('tells of a failed turn, and comes again at the same pace', async () => {
    found = new Error('the database is away')
    await pass(3_000)
    expect(turns).toEqual([1_000, 2_000, 3_000])
    expect(errors).toEqual([found, found, found])
  })

  test('turns no more after it was stopped', async () => {
    await task.stop()
    wake()
    await pass(10_000)
    expect(turns).toEqual([])
  })
})
