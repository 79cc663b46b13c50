import { readDemoArguments } from './demoArguments.js'
import { readDemoSettings } from './demoSettings.js'
import { describeFailure } from './describeFailure.js'
import { readyLine } from './readyLine.js'
import { type Demo, startDemo } from './startDemo.js'
import { trimmedEnvironment } from './trimmedEnvironment.js'

async function main(): Promise<void> {
  const env = trimmedEnvironment(process.env)
  const demo = await startDemo({ ...readDemoSettings(env), ...readDemoArguments(process.argv.slice(2)) }, env)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(demo))
  console.log(readyLine(demo.url))
}

/** npm hands a Ctrl-C on that the terminal sent to everyone already; only a later one is a second wish. */
const REPEATED_MS = 1_000
let stoppingSince: number | null = null

/** The first signal stops cleanly; a second one does not wait any longer. */
function stop(demo: Demo): void {
  if (stoppingSince !== null) {
    if (Date.now() - stoppingSince > REPEATED_MS) process.exit(130)
    return
  }
  stoppingSince = Date.now()
  demo.stop().then(
    () => {
      console.log('Stopped.')
      process.exit(0)
    },
    (error: unknown) => fail(error),
  )
}

function fail(error: unknown): never {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exit(1)
}

main().catch(fail)
