import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@org/tooling/loopback'
import { createClient } from 'redis'

/** A real redis-server of one's own, without persistence. */
export interface TestRedis {
  url: string
  pid: number
  /** Runs one command, for looking and for arranging. */
  command(...parts: string[]): Promise<unknown>
  /** `kill -9`; `restart` brings an empty one back on the same port. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** SIGSTOP and SIGCONT: it accepts commands and answers none. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

const PROGRAM = process.env.TEST_REDIS_SERVER ?? 'redis-server'

export async function startTestRedis(...settings: string[]): Promise<TestRedis> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child = await run(port, settings)

  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    url,
    get pid() {
      return child.pid ?? 0
    },
    async command(...parts) {
      const client = createClient({ url })
      await client.connect()
      try {
        return await client.sendCommand(parts)
      } finally {
        client.destroy()
      }
    },
    kill,
    async restart() {
      await kill()
      child = await run(port, settings)
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: kill,
  }
}

async function run(port: number, settings: string[]): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no', ...settings]
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code} before it was ready`)))
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve()
    })
  })
  return child
}
