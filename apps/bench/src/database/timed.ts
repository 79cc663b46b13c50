import type { IdempotencyKey } from '@org/contracts'
import { aKey } from './aKey.js'

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length * share)] ?? Number.NaN
}

/** What one contestant took, and how much that is of the first one's, over the whole and in each round. */
export interface Taken {
  /** Median of all calls. */
  us: number
  ratio: number
  /** The ratios of the rounds: the lower and the upper quarter. */
  between: [number, number]
}

/** Does something once for a key; `nth` counts the calls of all contestants. */
export type Contestant = (nth: number, key: IdempotencyKey) => Promise<unknown>

export interface Turns {
  rounds: number
  /** Of each contestant in a round. */
  calls: number
  /**
   * Calls of each contestant before the first round. A service has run for a while: most of its code is compiled only after
   * hundreds of calls, and whoever shares none of it with the others would be the only one measured without.
   */
  warmUp: number
}

/**
 * Lets contestants take turns call by call, so that whatever else the machine does hits all of them alike; the first one is
 * what the others are compared with. Keys are made before, as the clients make them: with the random numbers in it a key takes
 * as long as a good part of what is measured.
 */
export async function inTurns<Name extends string>(
  contestants: Readonly<Record<Name, Contestant>>,
  { rounds, calls, warmUp }: Turns,
): Promise<Record<Name, Taken>> {
  const names = Object.keys(contestants) as Name[]
  let nth = 0
  const turns = async (count: number) => {
    const taken = new Map<Name, number[]>(names.map((name) => [name, []]))
    for (let call = 0; call < count; call += 1) {
      for (const name of names) {
        nth += 1
        const [at, key] = [nth, aKey()]
        taken.get(name)?.push((await timed(() => contestants[name](at, key))) * 1_000)
      }
    }
    return taken
  }
  await turns(warmUp)
  const times = new Map<Name, number[][]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    const ofRound = await turns(calls)
    for (const name of names) times.get(name)?.push(ofRound.get(name) ?? [])
  }
  const base = times.get(names[0] as Name) ?? []
  const taken = names.map((name) => [name, compared(times.get(name) ?? [], base)] as const)
  return Object.fromEntries(taken) as Record<Name, Taken>
}

function compared(rounds: readonly number[][], base: readonly number[][]): Taken {
  const us = median(rounds.flat())
  const ratios = rounds.map((round, index) => median(round) / median(base[index] ?? []))
  return { us, ratio: us / median(base.flat()), between: [quantile(ratios, 0.25), quantile(ratios, 0.75)] }
}
