/** Makes a value at the first call and keeps it: an `Intl` object costs more than a button. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
