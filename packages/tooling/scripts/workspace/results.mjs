import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { workspacePackages } from './packages.mjs'

/** Removes the counts of earlier runs, so that only this run is summed up. */
export function clearResults() {
  for (const { folder } of workspacePackages()) rmSync(join(folder, '.results'), { recursive: true, force: true })
}

/**
 * The counts every suite left in its package's `.results/*.json`.
 * @returns {{ suite: string, passed: number, failed: number, skipped: number }[]}
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

/** Reads one report: Jest's and Vitest's shape, or Playwright's. A report that cannot be read is a failure. */
export function countsIn(path) {
  try {
    return counts(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function counts(report) {
  if (report.stats) return playwrightCounts(report)
  if (typeof report.numPassedTests !== 'number') throw new TypeError('neither a Jest nor a Playwright report')
  // A suite that could not even load has no failed test of its own, but it failed.
  const failed = report.numFailedTests + (report.numRuntimeErrorTestSuites ?? 0)
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + (report.numTodoTests ?? 0) }
}

function playwrightCounts({ stats, errors = [] }) {
  // "flaky" passed only at a second try; it is no pass.
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}
