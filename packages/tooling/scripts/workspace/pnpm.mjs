import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isInstalled, markInstalled } from './installStamp.mjs'
import { ROOT } from './root.mjs'
import { run } from './run.mjs'

const { packageManager, name: rootName } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
// turbo would else greet its makers at each start.
const QUIET_TURBO = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' }

/** Runs the workspace's pinned pnpm through npx, so that nobody has to install it first. */
export function pnpm(args, options) {
  const [command, ...first] = npx()
  return run(command, [...first, '-y', packageManager, ...args], options)
}

/** Runs turbo, with pnpm on its PATH. */
export function turbo(args, { env = {}, ...options } = {}) {
  return pnpm(['exec', 'turbo', 'run', ...args], { ...options, env: { ...QUIET_TURBO, ...env } })
}

/**
 * Installs what the lockfile names, unless that was done already.
 * @param {string | null} filter a pnpm filter such as `@org/demo...`; null means everything
 * @returns {Promise<number>} the exit code
 */
export async function install(filter, options) {
  if (isInstalled(filter)) return 0
  const scope = filter ? ['--filter', rootName, '--filter', filter] : []
  const code = await pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false', ...scope], options)
  if (code === 0) markInstalled(filter)
  return code
}

// npm tells its scripts where it is; the npx beside it works on every platform without a shell.
function npx() {
  const cli = process.env.npm_execpath && join(dirname(process.env.npm_execpath), 'npx-cli.js')
  if (cli && existsSync(cli)) return [process.execPath, cli]
  return ['npx']
}
