import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  url: string
  signature: string
  params: Record<string, string>
}

/** A server that writes down the webhooks it gets and answers with the next of `statuses`, at last 204. */
export async function openWebhookReceiver(
  ...statuses: number[]
): Promise<{ base: string; received: ReceivedWebhook[]; close(): Promise<void> }> {
  const received: ReceivedWebhook[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const params = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
      received.push({ url: request.url ?? '', signature: String(request.headers['x-twilio-signature']), params })
      response.writeHead(statuses.shift() ?? 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base, received, close: () => new Promise((resolve) => void server.close(() => resolve())) }
}
