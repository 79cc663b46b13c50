import { createServer } from 'node:net'

// Built-ins only: `npm start` asks here before anything is installed, and the demo itself asks again.
export const DEFAULT_PORT = 4300
/** Loopback only: at the demo anybody may sign in as anybody. */
export const HOST = '127.0.0.1'

/** What `PORT` says: a port, 0 for a free one, or null when it is none. */
export function parsePort(text = '') {
  const digits = text.trim()
  if (digits === '') return DEFAULT_PORT
  return /^\d{1,5}$/.test(digits) && Number(digits) <= 65_535 ? Number(digits) : null
}

/** The line for a `PORT` that is none. */
export function wrongPort(text) {
  return `PORT is "${text}", but it must be a whole number from 0 to 65535 (0 picks a free one). Nothing was started.`
}

/** What a refusal to listen means for a person; null when it says nothing about the port. */
export function portTrouble(code, port) {
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port < 65_535 ? port + 1 : DEFAULT_PORT} npm start`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Choose one above 1023: PORT=${DEFAULT_PORT} npm start`
  return null
}

/** Opens the port for a moment; resolves to the port it got. Rejects as `listen` does. */
export async function probePort(wanted) {
  const probe = createServer()
  await new Promise((resolve, reject) => {
    probe.once('error', reject)
    probe.listen({ port: wanted, host: HOST }, resolve)
  })
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Why `npm start` cannot open its port, in one line; null when it can. */
export async function portObjection(text) {
  const port = parsePort(text)
  if (port === null) return wrongPort(text)
  try {
    await probePort(port)
    return null
  } catch (error) {
    return portTrouble(error.code, port)
  }
}
