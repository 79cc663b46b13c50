import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What runs this names itself to what it starts: create-next-app would install with pnpm what a newcomer has npm for. */
export function newcomersEnv(own = {}) {
  const { npm_config_user_agent: _, ...env } = process.env
  return { ...env, ...own }
}

/**
 * Runs a program to its end and returns what it printed.
 * @throws {Error} with the end of its output when it fails
 */
export async function run(command, args, { cwd, env = {} }) {
  const child = spawn(command, args, { cwd, env: newcomersEnv(env), stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with exit code ${code}:\n${output.slice(-4_000)}`)
  return output
}

/** npm as a consumer has it. The one beside this Node, so that no shell is needed on any platform. */
export function npm(args, options) {
  const cli = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  return existsSync(cli) ? run(process.execPath, [cli, ...args], options) : run('npm', args, options)
}

/** A program that an npm install put into `folder`. */
export function installed(folder, name, args, options) {
  return run(process.execPath, [join(folder, 'node_modules', name), ...args], options)
}
