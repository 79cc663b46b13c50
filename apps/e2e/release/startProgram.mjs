import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Starts a program of Node's that says `Ready: <address>` once it serves.
 * @param {string} file
 * @param {{ env: Record<string, string>, cwd?: string }} options `env` comes on top of this process's own
 * @returns {Promise<{ url: string, stop(): Promise<void> }>} its address without a slash at the end
 * @throws {Error} with its output when it ends before it is ready
 */
export async function startProgram(file, { env, cwd }) {
  const child = spawn(process.execPath, [file], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const url = await new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk) => {
      output += chunk
      const ready = /^Ready: (\S+)/m.exec(output)?.[1]
      if (ready) resolve(ready.replace(/\/$/, ''))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', () => reject(new Error(`${file} ended before it was ready:\n${output}`)))
  })
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { url, stop }
}
