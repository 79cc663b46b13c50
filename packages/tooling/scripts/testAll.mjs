import { failedTasks } from './workspace/failedTasks.mjs'
import { notRunSuites } from './workspace/notRunSuites.mjs'
import { install, pnpm, turbo } from './workspace/pnpm.mjs'
import { clearResults, readResults } from './workspace/results.mjs'
import { seconds } from './workspace/run.mjs'
import { stopWithParent } from './workspace/stopWithParent.mjs'
import { printSummary } from './workspace/summary.mjs'
import { provideSystemPrograms } from './workspace/systemPrograms.mjs'

// Two cores: three packages at a time, each with one Jest worker, since those with a database wait for much of theirs. Browser
// suites run alone, they time real things.
const STEPS = [
  { title: 'Code style and import rules', run: () => pnpm(['exec', 'biome', 'check', '--error-on-warnings', '.']) },
  { title: 'Nothing that nobody uses', run: () => pnpm(['run', 'knip']) },
  {
    title: 'Build, types and tests',
    run: (env) => turbo(['build', 'typecheck', 'test', 'size', '--continue=dependencies-successful', '--concurrency=3', ...QUIET], { env }),
  },
  {
    title: 'Browser journeys',
    needs: 'chromium',
    run: (env) => turbo(['test:browser', '--continue=dependencies-successful', '--concurrency=1', ...QUIET], { env }),
  },
]
const QUIET = ['--output-logs=new-only', '--log-order=grouped', '--summarize']

/** Runs every step, also after one failed, and ends the process with what came of them. */
export async function testAll() {
  stopWithParent()
  if ((await install(null)) !== 0) process.exit(1)
  clearResults()
  const programs = await provideSystemPrograms(['chromium', 'redis'])
  const failedSteps = []
  for (const step of STEPS) {
    if (step.needs && !programs[step.needs].path) continue
    const failure = await runStep(step, programs)
    if (failure) failedSteps.push(failure)
  }
  process.exitCode = printSummary({ results: readResults(), failedSteps, notRun: notRunSuites(programs) })
}

/** Resolves to what failed, or to nothing. */
async function runStep({ title, run }, programs) {
  const startedAt = Date.now()
  console.log(`\n── ${title}`)
  // Part of turbo's hash: a result got without Redis must not stand for one with it.
  const env = { TEST_REDIS_SERVER: programs.redis.path ?? '', CHROMIUM_PATH: programs.chromium.path ?? '' }
  const code = await run(env)
  console.log(`── ${title}: ${code === 0 ? 'ok' : `failed (exit code ${code})`}, ${seconds(startedAt)} s`)
  return code === 0 ? undefined : [title, ...failedTasks(startedAt)].join(' · ')
}
