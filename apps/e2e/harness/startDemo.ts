import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(import.meta.resolve('@org/demo/main'))
// A start takes some seconds; a machine busy with other suites has been seen to need half a minute.
export const START_MS = 90_000
const READY = /^Ready: (http:\/\/\S+)/m

/** A demo in a process of its own. */
export interface RunningDemo {
  readonly url: string
  readonly dataDirectory: string
  /** Everything it printed so far. */
  output(): string
  /** Ctrl-C; resolves to the exit code. */
  stop(): Promise<number | null>
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
}

export interface DemoOptions {
  dataDirectory: string
  /** @default a free port */
  port?: number
  env?: Record<string, string>
  /** What stands after `npm start --`. */
  args?: readonly string[]
}

/**
 * Starts the built demo and resolves when it says that it is ready.
 * @throws {Error} with its output when it ends before
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const { child, output } = spawnDemo(options)
  const url = await readyUrl(child, output).catch(async (error: unknown) => {
    await end(child, 'SIGKILL')
    throw error
  })
  return {
    url,
    dataDirectory: options.dataDirectory,
    output,
    async stop() {
      await end(child, 'SIGINT')
      return child.exitCode
    },
    kill: () => end(child, 'SIGKILL'),
  }
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The demo was not ready within ${START_MS} ms:\n${output()}`)), START_MS)
    child.stdout?.on('data', () => {
      const found = READY.exec(output())?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found.replace(/\/$/, ''))
    })
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The demo ended with ${code} before it was ready:\n${output()}`))
    })
  })
}

/** Starts a demo that is expected to refuse; resolves to its exit code and everything it printed. */
export async function failToStart(options: DemoOptions): Promise<{ code: number | null; output: string }> {
  const { child, output } = spawnDemo(options)
  await once(child, 'close')
  return { code: child.exitCode, output: output() }
}

function spawnDemo({ dataDirectory, port = 0, env = {}, args = [] }: DemoOptions): { child: ChildProcess; output: () => string } {
  const settings = { PORT: String(port), DEMO_DATA_DIR: dataDirectory, ...env }
  // As short a life as that of a journey does not pay for optimising the embedded database's code.
  const child = spawn(process.execPath, ['--liftoff-only', MAIN, ...args], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that is given up takes its demo with it.
  const endToo = () => child.kill('SIGKILL')
  process.once('exit', endToo)
  child.once('exit', () => process.off('exit', endToo))
  let text = ''
  const keep = (chunk: Buffer) => {
    text += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return { child, output: () => text }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}
