import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@org/tooling/loopback'
import { findRedisServer } from '@org/tooling/system-programs'

/**
 * A real redis-server, set as the shipped compose file sets it.
 * @param {string[]} settings its arguments there
 * @returns {Promise<{ url: string, restart(awayMs: number): Promise<void>, stop(): Promise<void> }>} `restart` loses everything
 */
export async function startRedis(settings) {
  const port = await freePort()
  let child = await open(port, settings)
  const stop = async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async (awayMs) => {
      await stop()
      await new Promise((resolve) => setTimeout(resolve, awayMs))
      child = await open(port, settings)
    },
    stop,
  }
}

async function open(port, settings) {
  const child = spawn(findRedisServer(), ['--port', String(port), '--bind', '127.0.0.1', ...settings], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code} before it was ready`)))
    child.stdout.on('data', (text) => {
      if (text.includes('Ready to accept connections')) resolve()
    })
  })
  return child
}
