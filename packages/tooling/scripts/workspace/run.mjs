import { spawn } from 'node:child_process'
import { ROOT } from './root.mjs'

const BEAT_MS = 10_000
const TAIL_CHARACTERS = 8_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program in the workspace root and resolves to its exit code, 1 when it cannot start. A signal
 * that stops this process stops the program too, also when only npm or this process was told.
 * @param {string} command
 * @param {string[]} args
 * @param {{ quietly?: string, env?: Record<string, string> }} [options] `quietly`: print only this
 *   label while it works, and the end of its output when it fails
 */
export async function run(command, args, { quietly, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: quietly ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  const output = collectTail(child)
  const forgetSignals = forwardSignals(child)
  const forgetBeat = quietly ? beat(quietly) : () => {}
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.add(`${command} could not be started: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', (exitCode) => resolve(exitCode ?? 1))
  })
  forgetBeat()
  if (forgetSignals()) process.exit(130)
  if (code !== 0 && output.text()) process.stderr.write(`${output.text().trimEnd()}\n`)
  return code
}

/** Whole seconds since `startedAt` (epoch ms). */
export function seconds(startedAt) {
  return Math.round((Date.now() - startedAt) / 1_000)
}

function collectTail(child) {
  let tail = ''
  const add = (chunk) => {
    tail = (tail + chunk).slice(-TAIL_CHARACTERS)
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return { add, text: () => tail }
}

// Returns what to call afterwards; that tells whether a signal came.
function forwardSignals(child) {
  let told = false
  const forward = (signal) => {
    told = true
    child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, forward)
  return () => {
    for (const signal of SIGNALS) process.off(signal, forward)
    return told
  }
}

function beat(label) {
  const startedAt = Date.now()
  const timer = setInterval(() => console.log(`  … ${label} (${seconds(startedAt)} s)`), BEAT_MS)
  return () => clearInterval(timer)
}
