/** Settles as `work` does; null when that takes longer than `limitMs`. What it does afterwards is ignored. */
export function atMost<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, limitMs, null)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
