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

/**
 * Lets contestants take turns call by call, so that whatever else the machine does hits all of them alike; the first one is
 * what the others are compared with. What comes before the first full round warms up.
 */
export async function inTurns<Name extends string>(
  contestants: Readonly<Record<Name, (nth: number) => Promise<unknown>>>,
  { rounds, calls }: { rounds: number; calls: number },
): Promise<Record<Name, Taken>> {
  const names = Object.keys(contestants) as Name[]
  const times = new Map<Name, number[][]>(names.map((name) => [name, []]))
  let nth = 0
  for (let round = -1; round < rounds; round += 1) {
    const ofRound = new Map<Name, number[]>(names.map((name) => [name, []]))
    for (let call = 0; call < calls; call += 1) {
      for (const name of names) {
        nth += 1
        const at = nth
        ofRound.get(name)?.push((await timed(() => contestants[name](at))) * 1_000)
      }
    }
    if (round >= 0) for (const name of names) times.get(name)?.push(ofRound.get(name) ?? [])
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
