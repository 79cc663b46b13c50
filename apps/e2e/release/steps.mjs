/** Runs named steps, goes on after one failed, and counts them. */
export function createSteps(print = console.log) {
  let passed = 0
  const failed = []
  return {
    /** What `work` returned, `true` when that is nothing; `null` when it failed. */
    async step(title, work) {
      const began = Date.now()
      try {
        const result = await work()
        passed += 1
        print(`✓ ${title} (${Math.round((Date.now() - began) / 1_000)} s)`)
        return result ?? true
      } catch (error) {
        failed.push(title)
        print(`✗ ${title}\n${error.message}`)
        return null
      }
    },
    /** Prints the last line and returns the exit code. */
    summarise() {
      for (const title of failed) print(`FAILED: ${title}`)
      print(`${passed} passed, ${failed.length} failed`)
      return failed.length === 0 ? 0 : 1
    },
  }
}
