/** The middle one of figures, the upper of the two middle ones of an even number. @param {readonly number[]} values at least one */
export function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]
}

/** The median of each figure of several results of one shape. */
export function mediansOf(results) {
  return Object.fromEntries(Object.keys(results[0]).map((name) => [name, median(results.map((result) => result[name]))]))
}
