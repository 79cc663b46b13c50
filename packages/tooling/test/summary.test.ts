import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { failedTasks } from '../scripts/workspace/failedTasks.mjs'
import { countsIn } from '../scripts/workspace/results.mjs'
import { printSummary } from '../scripts/workspace/summary.mjs'

const passing = { suite: '@org/api (jest)', passed: 3, failed: 0, skipped: 0, failures: [] }
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

  it('names each test that failed, for whoever reads the last lines alone', () => {
    const results = [{ ...passing, failed: 1, failures: ['booking.test.ts › confirms once'] }]
    expect(summary({ results }).lines).toContain('FAILED: @org/api (jest) booking.test.ts › confirms once')
  })

  it('names ten of a suite, and says how many more', () => {
    const failures = Array.from({ length: 12 }, (_, index) => `mounted.test.ts › ${index}`)
    const named = summary({ results: [{ ...passing, failed: 12, failures }] }).lines.filter((line) => line.startsWith('FAILED'))
    expect([named.length, named.at(-1)]).toEqual([11, 'FAILED: @org/api (jest) and 2 more'])
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

it('names the tasks that failed since a step began, which may have no test', () => {
  const runs = mkdtempSync(join(tmpdir(), 'runs-'))
  const task = (taskId: string, exitCode: number | undefined) => ({ taskId, execution: exitCode === undefined ? undefined : { exitCode } })
  writeFileSync(
    join(runs, 'a.json'),
    JSON.stringify({ tasks: [task('@org/bench#size', 1), task('@org/api#test', 0), task('x#y', undefined)] }),
  )
  expect(failedTasks(Date.now() - 60_000, runs)).toEqual(['@org/bench#size'])
  expect(failedTasks(Date.now() + 60_000, runs)).toEqual([])
  expect(failedTasks(0, join(runs, 'nowhere'))).toEqual([])
})

describe('the counts of a report', () => {
  it("reads Jest's shape and counts a suite that could not load", () => {
    const jest = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 1, numPendingTests: 0, numTodoTests: 0 }
    expect(report(jest)).toEqual({ passed: 5, failed: 2, skipped: 0, failures: [] })
  })

  it("names what failed in Jest's shape, also a suite without a test", () => {
    const assertionResults = [
      { status: 'passed', fullName: 'a store keeps' },
      { status: 'failed', fullName: 'a store forgets' },
    ]
    const testResults = [
      { name: '/src/a.test.ts', status: 'failed', assertionResults },
      { name: '/src/b.test.ts', status: 'failed', assertionResults: [] },
    ]
    expect(report({ numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, testResults }).failures).toEqual([
      'a.test.ts › a store forgets',
      'b.test.ts could not be loaded',
    ])
  })

  it("names what failed in Playwright's shape, however deep it is", () => {
    const spec = (title: string, status: string) => ({ title, file: 'looks.journey.ts', tests: [{ status }] })
    const suites = [{ specs: [spec('fine', 'expected')], suites: [{ specs: [spec('odd', 'unexpected'), spec('shaky', 'flaky')] }] }]
    expect(report({ stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 }, suites }).failures).toEqual([
      'looks.journey.ts › odd',
      'looks.journey.ts › shaky',
    ])
  })

  it("reads Playwright's shape and does not count a flaky test as passed", () => {
    expect(report({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 }, errors: [] })).toEqual({
      passed: 4,
      failed: 2,
      skipped: 1,
      failures: [],
    })
  })

  it('counts a report that cannot be read as a failure', () => {
    expect(report('{"numPassed')).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
  })

  it('counts a report of an unknown shape as a failure', () => {
    expect(report({ anything: true })).toMatchObject({ passed: 0, failed: 1, skipped: 0 })
  })
})
