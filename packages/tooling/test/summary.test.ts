import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { countsIn } from '../scripts/workspace/results.mjs'
import { printSummary } from '../scripts/workspace/summary.mjs'

const passing = { suite: '@org/api (jest)', passed: 3, failed: 0, skipped: 0 }
const redis = { suite: 'apps/api/src/store.redis.test.ts', installCommand: 'sudo apt-get install -y redis-server' }

function summary(outcome: Partial<Parameters<typeof printSummary>[0]>, strict = false) {
  const lines: string[] = []
  const exitCode = printSummary(
    { results: [passing], failedSteps: [], notRun: [], ...outcome },
    { strict, print: (line: string) => lines.push(line) },
  )
  return { exitCode, lines, last: lines.at(-1) }
}

function report(content: unknown) {
  const path = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return countsIn(path)
}

describe('the summary of npm test', () => {
  it('ends with the counts of all suites', () => {
    expect(summary({ results: [passing, { ...passing, passed: 4, failed: 2 }] })).toMatchObject({ exitCode: 1, last: '7 passed, 2 failed' })
  })

  it('counts a failed step without a failed test, so that a type error does not read as green', () => {
    expect(summary({ failedSteps: ['Build, types and tests'] })).toMatchObject({ exitCode: 1, last: '3 passed, 1 failed' })
  })

  it('names what did not run and how to make it run', () => {
    const { exitCode, lines } = summary({ notRun: [redis] })
    expect(exitCode).toBe(0)
    expect(lines).toContain(`NOT RUN: ${redis.suite}. To run it: ${redis.installCommand}`)
  })

  it('fails in CI when a suite did not run or skipped something', () => {
    expect(summary({ notRun: [redis] }, true)).toMatchObject({ exitCode: 1, last: '3 passed, 1 failed' })
    expect(summary({ results: [{ ...passing, skipped: 1 }] }, true).exitCode).toBe(1)
  })
})

describe('the counts of a report', () => {
  it("reads Jest's shape and counts a suite that could not load", () => {
    const jest = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 1, numPendingTests: 0, numTodoTests: 0 }
    expect(report(jest)).toEqual({ passed: 5, failed: 2, skipped: 0 })
  })

  it("reads Playwright's shape and does not count a flaky test as passed", () => {
    expect(report({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 }, errors: [] })).toEqual({
      passed: 4,
      failed: 2,
      skipped: 1,
    })
  })

  it('counts a report that cannot be read as a failure', () => {
    expect(report('{"numPassed')).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('counts a report of an unknown shape as a failure', () => {
    expect(report({ anything: true })).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
