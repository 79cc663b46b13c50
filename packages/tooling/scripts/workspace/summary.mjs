/**
 * Prints what came of a run; its last line is `<n> passed, <m> failed`.
 * @param {object} outcome
 * @param {{ suite: string, passed: number, failed: number, skipped: number, failures: string[] }[]} outcome.results
 * @param {string[]} outcome.failedSteps titles
 * @param {{ suite: string, installCommand: string }[]} outcome.notRun
 * @returns {0 | 1} the exit code
 */
export function printSummary(outcome, { strict = process.env.CI === 'true', print = console.log } = {}) {
  for (const line of summaryLines(outcome)) print(line)
  const { passed, failed } = totals(outcome, strict)
  print(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function summaryLines({ results, failedSteps, notRun }) {
  return [
    '',
    ...results.map(
      ({ suite, passed, failed, skipped }) => `${suite}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
    ),
    ...results.flatMap(failureLines),
    ...failedSteps.map((title) => `FAILED: ${title}`),
    ...notRun.map(({ suite, installCommand }) => `NOT RUN: ${suite}. To run it: ${installCommand}`),
  ]
}

/** Some of each suite: one that cannot begin fails with all its tests, and the counts shall be among the last lines. */
const MOST_NAMED = 10

function failureLines({ suite, failures }) {
  const more = failures.length - MOST_NAMED
  const lines = failures.slice(0, MOST_NAMED).map((failure) => `FAILED: ${suite} ${failure}`)
  return more > 0 ? [...lines, `FAILED: ${suite} and ${more} more`] : lines
}

// Where nobody reads the lines above (CI), what did not run counts as failed.
function totals({ results, failedSteps, notRun }, strict) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0)
  // A step can fail without a failing test (a type error, a crash): it must not read as "0 failed".
  const failed = Math.max(sum('failed'), failedSteps.length)
  return { passed: sum('passed'), failed: strict ? failed + notRun.length + sum('skipped') : failed }
}
