import { request, type Server } from 'node:http'
import { portOf, serve } from '../harness.js'

const REFUSAL = JSON.stringify({ success: false, error: 'This took too long to finish.', code: 'STORE_UNAVAILABLE', retryable: true })
const EVERY = 5

/** Stands before a replica and gives now and then the status and the headers of one answer with the body of another. */
export async function startMixingProxy(url: string): Promise<{ url: string; close: () => void }> {
  let answers = 0
  const server: Server = await serve((incoming, outgoing) => {
    const forwarded = request(`${url}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      const { 'content-length': _, ...headers } = answer.headers
      outgoing.writeHead(answer.statusCode ?? 502, headers)
      if (incoming.method === 'POST') answers += 1
      if (incoming.method !== 'POST' || answers % EVERY > 0) return answer.pipe(outgoing)
      answer.resume()
      return outgoing.end(REFUSAL)
    })
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${portOf(server)}`, close }
}
