/** Joins class names, leaving out what is not given. Called for every part of every row, so it makes no arrays. */
export function joinClassNames(first: string | undefined, second?: string | false | undefined, third?: string | undefined): string {
  let joined = first ?? ''
  if (second) joined = joined === '' ? second : `${joined} ${second}`
  if (third) joined = joined === '' ? third : `${joined} ${third}`
  return joined
}
