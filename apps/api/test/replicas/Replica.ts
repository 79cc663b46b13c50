import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** One process of the API. */
export interface Replica {
  readonly url: string
  /** True while it runs; a replica that ended without being told to has crashed. */
  readonly isAlive: boolean
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
  /** Asks it to stop and waits for it; resolves to its exit code. */
  terminate(): Promise<number | null>
  /** SIGSTOP and SIGCONT: the process sleeps, its clocks do not. */
  freeze(): void
  thaw(): void
  /** How it ended and what it said on stderr, for a replica that ended by itself. */
  readonly lastWords: string
  /** What it logged, one parsed line each. */
  readonly lines: readonly Record<string, unknown>[]
}

/** Starts a replica and waits until it is ready. */
export async function startReplica(main: string, env: Record<string, string>): Promise<Replica> {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: Record<string, unknown>[] = []
  const stderr: string[] = []
  child.stderr.on('data', (text: Buffer) => stderr.push(text.toString()))
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>
      lines.push(entry)
      if (entry.msg === 'ready') resolve()
    })
    child.once('exit', (code) => reject(new Error(`The replica ended with ${code} before it was ready: ${stderr.join('')}`)))
  })
  return {
    url: `http://127.0.0.1:${env.PORT}`,
    get isAlive() {
      return child.exitCode === null && child.signalCode === null
    },
    get lastWords() {
      return `${child.signalCode ?? child.exitCode}: ${stderr.join('').slice(-2_000)}`
    },
    kill: () => end(child, 'SIGKILL').then(() => undefined),
    terminate: () => end(child, 'SIGTERM'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    lines,
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
  return child.exitCode
}
