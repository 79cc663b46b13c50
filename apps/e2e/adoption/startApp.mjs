import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/**
 * Starts the app in a process of its own.
 * @param {string} app where it is installed and built
 * @param {string} databaseUrl of the role that owns nothing
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 * @throws {Error} with its output when it ends before it is ready
 */
export async function startApp(app, databaseUrl) {
  const env = { ...process.env, PORT: '0', DATABASE_URL: databaseUrl, SESSION_SECRET: 'of this example alone', LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [join(app, 'dist/server/main.js')], { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const url = await new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk) => {
      output += chunk
      const ready = /^Ready: (\S+)/m.exec(output)?.[1]
      if (ready) resolve(ready)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', () => reject(new Error(`The app ended before it was ready:\n${output}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { url, stop }
}
