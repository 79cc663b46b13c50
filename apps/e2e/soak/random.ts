/** Chance that comes the same again under the same seed. */
export interface Random {
  /** From 0 up to, without, 1. */
  next(): number
  /** True in `share` of all cases. */
  chance(share: number): boolean
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** mulberry32: small, quick and good enough to decide what goes wrong next. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return { next, chance: (share) => next() < share, between, pick: (items) => items[between(0, items.length - 1)]! }
}
