type Part = 'run' | 'one' | { character: string }

/**
 * SQL's LIKE: `%` any run, `_` any one character, `\\` takes the next as it is. Pure.
 * Walks back to the last `%` only, so a hostile pattern costs text × pattern steps at most; a regular expression
 * with two `%` more would take years.
 */
export function isLike(text: string, pattern: string, { ignoreCase }: { ignoreCase: boolean }): boolean {
  const characters = [...fold(text, ignoreCase)]
  const parts = partsOf(fold(pattern, ignoreCase))
  let [at, part] = [0, 0]
  let lastRun: { at: number; part: number } | null = null
  while (at < characters.length) {
    const wanted = parts[part]
    if (wanted === 'run') {
      lastRun = { at, part }
      part += 1
    } else if (wanted === 'one' || (wanted !== undefined && wanted.character === characters[at])) {
      at += 1
      part += 1
    } else if (lastRun !== null) {
      lastRun.at += 1
      at = lastRun.at
      part = lastRun.part + 1
    } else return false
  }
  return parts.slice(part).every((rest) => rest === 'run')
}

const fold = (text: string, ignoreCase: boolean) => (ignoreCase ? text.toLowerCase() : text)

function partsOf(pattern: string): Part[] {
  return [...pattern.matchAll(/\\(.)|./gsu)].map(([found, escaped]) => {
    if (escaped !== undefined) return { character: escaped }
    if (found === '%') return 'run'
    return found === '_' ? 'one' : { character: found }
  })
}
