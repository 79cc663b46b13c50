import { install, turbo } from './workspace/pnpm.mjs'
import { stopWithParent } from './workspace/stopWithParent.mjs'

/** Installs what is missing, then runs a turbo task; ends the process with its exit code. */
export async function runTask(args) {
  stopWithParent()
  const installed = await install(null)
  process.exit(installed === 0 ? await turbo(['--output-logs=new-only', ...args]) : installed)
}
