import { failedTasks } from './workspace/failedTasks.mjs'
import { notRunSuites } from './workspace/notRunSuites.mjs'
import { install, turbo } from './workspace/pnpm.mjs'
import { clearResults, readResults } from './workspace/results.mjs'
import { seconds } from './workspace/run.mjs'
import { stopWithParent } from './workspace/stopWithParent.mjs'
import { printSummary } from './workspace/summary.mjs'
import { provideSystemPrograms } from './workspace/systemPrograms.mjs'

const TASKS = ['lint', 'knip', 'build', 'typecheck', 'test', 'size']
const BROWSER_TASKS = ['test:browser']
// Two cores, three tasks: those with a database or a browser wait for much of their time. All in one run, since whatever
// is left alone at the end of a step leaves a core to nobody.
const HOW = ['--continue=dependencies-successful', '--concurrency=3', '--output-logs=new-only', '--log-order=grouped', '--summarize']

/** Runs every task, also after one failed, and ends the process with what came of them. */
export async function testAll() {
  stopWithParent()
  if ((await install(null)) !== 0) process.exit(1)
  clearResults()
  const programs = await provideSystemPrograms(['chromium', 'redis'])
  const failedSteps = await runTasks(programs)
  process.exitCode = printSummary({ results: readResults(), failedSteps, notRun: notRunSuites(programs) })
}

/** Resolves to the names of those that failed. */
async function runTasks({ chromium, redis }) {
  const startedAt = Date.now()
  // Part of turbo's hash: a result got without Redis must not stand for one with it.
  const env = { TEST_REDIS_SERVER: redis.path ?? '', CHROMIUM_PATH: chromium.path ?? '' }
  const tasks = chromium.path ? [...TASKS, ...BROWSER_TASKS] : TASKS
  const code = await turbo([...tasks, ...HOW], { env })
  console.log(`\n── ${tasks.join(', ')}: ${code === 0 ? 'ok' : `failed (exit code ${code})`}, ${seconds(startedAt)} s`)
  if (code === 0) return []
  const failed = failedTasks(startedAt)
  return failed.length > 0 ? failed : [`turbo ended with exit code ${code}`]
}
