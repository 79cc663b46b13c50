import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { workspacePackages } from './packages.mjs'

/** Removes the counts of earlier runs, so that only this run is summed up. */
export function clearResults() {
  for (const { folder } of workspacePackages()) rmSync(join(folder, '.results'), { recursive: true, force: true })
}

/**
 * The counts every suite left in its package's `.results/*.json`.
 * @returns {{ suite: string, passed: number, failed: number, skipped: number, failures: string[] }[]}
 */
export function readResults() {
  return workspacePackages().flatMap(({ folder, name }) => {
    const results = join(folder, '.results')
    if (!existsSync(results)) return []
    return readdirSync(results)
      .filter((file) => file.endsWith('.json'))
      .map((file) => ({ suite: `${name} (${file.replace(/\.json$/, '')})`, ...countsIn(join(results, file)) }))
  })
}

/** Reads one report, counts and the names of what failed: Jest's and Vitest's shape, or Playwright's. One that cannot be read failed. */
export function countsIn(path) {
  try {
    return counts(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ['its report could not be read'] }
  }
}

function counts(report) {
  if (report.stats) return playwrightCounts(report)
  if (typeof report.numPassedTests !== 'number') throw new TypeError('neither a Jest nor a Playwright report')
  // A suite that could not even load has no failed test of its own, but it failed.
  const failed = report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0)
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0)
  return { passed: report.numPassedTests, failed, skipped, failures: (report.testResults ?? []).flatMap(failuresOfFile) }
}

function failuresOfFile({ name, status, assertionResults = [] }) {
  const failed = assertionResults.filter((test) => test.status === 'failed').map((test) => `${basename(name)} › ${test.fullName}`)
  return failed.length === 0 && status === 'failed' ? [`${basename(name)} could not be loaded`] : failed
}

function playwrightCounts({ stats, errors = [], suites = [] }) {
  // "flaky" passed only at a second try; it is no pass.
  const failed = stats.unexpected + stats.flaky + errors.length
  return { passed: stats.expected, failed, skipped: stats.skipped, failures: suites.flatMap(failuresOfSuite) }
}

function failuresOfSuite({ suites = [], specs = [] }) {
  const failed = specs.filter((spec) => spec.tests.some(({ status }) => status === 'unexpected' || status === 'flaky'))
  return [...failed.map(({ file, title }) => `${basename(file)} › ${title}`), ...suites.flatMap(failuresOfSuite)]
}
