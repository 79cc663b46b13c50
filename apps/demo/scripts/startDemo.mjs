import { isInstalled } from '../../../packages/tooling/scripts/workspace/installStamp.mjs'
import { install, turbo } from '../../../packages/tooling/scripts/workspace/pnpm.mjs'
import { stopWithParent } from '../../../packages/tooling/scripts/workspace/stopWithParent.mjs'
import { portObjection } from './port.mjs'

const SCOPE = '@org/demo...'

/** Installs and builds what the demo needs, then runs it in this very process. */
export async function startDemo() {
  stopWithParent()
  const objection = await portObjection(process.env.PORT)
  if (objection !== null) {
    console.error(objection)
    process.exit(1)
  }
  await step('Installing packages', isInstalled(SCOPE), () => install(SCOPE, { quietly: 'installing' }))
  await step('Building the demo', false, () => turbo(['build', `--filter=${SCOPE}`, '--output-logs=errors-only'], { quietly: 'building' }))
  // In this process, so that a signal from npm or the terminal has one receiver.
  await import('../dist/main.js')
}

async function step(title, isDone, work) {
  if (isDone) return
  console.log(`${title} …`)
  const code = await work()
  if (code === 0) return
  console.error(`${title} failed (exit code ${code}); the demo was not started. The lines above say why.`)
  process.exit(1)
}
