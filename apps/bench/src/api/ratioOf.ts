/** Server CPU over that of the bare route. */
export interface Ratio {
  ratio: number
  /** Where the ratio of other rounds of this very run would lie, 19 times of 20. */
  between: [number, number]
}

const RESAMPLES = 1_000

/**
 * What a contestant's rounds cost over what those of the bare route did: the mean of the middle half of the one over the mean
 * of the middle half of the other. The median of the rounds' own ratios, which stood here before, holds less still: of 60
 * rounds on a busy machine a second bare route came to 1.02 of the first by that, and to 1.00 by this.
 */
export function ratioOf(costs: readonly number[], bare: readonly number[]): Ratio {
  const random = randomFrom(1)
  const again = Array.from({ length: RESAMPLES }, () => {
    const rounds = costs.map(() => Math.floor(random() * costs.length))
    return middleMean(rounds.map((round) => costs[round] ?? 0)) / middleMean(rounds.map((round) => bare[round] ?? 0))
  }).sort((a, b) => a - b)
  const at = (share: number) => rounded(again[Math.floor((RESAMPLES - 1) * share)] ?? Number.NaN)
  return { ratio: rounded(middleMean(costs) / middleMean(bare)), between: [at(0.025), at(0.975)] }
}

/** The mean without the lowest and the highest quarter: those rounds say what else the machine did. */
function middleMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length / 4)
  const middle = sorted.slice(cut, sorted.length - cut)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

/** The same numbers in each run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const rounded = (value: number) => Number(value.toFixed(2))
