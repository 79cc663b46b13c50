import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { twilioSignature, type WebhookParams } from './signature.js'

/** How long Twilio waits for a webhook's answer. */
const WEBHOOK_TIMEOUT_MS = 15_000

export interface WebhookOptions {
  authToken: string
  signal: AbortSignal
}

/**
 * Posts a signed webhook as Twilio does, once: form-encoded, no redirects.
 * @returns the HTTP status answered
 * @throws {Error} when there was no answer within 15 s, or `signal` ended it
 */
export function sendWebhook(url: string, params: WebhookParams, { authToken, signal }: WebhookOptions): Promise<number> {
  const body = new URLSearchParams(params).toString()
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const call = send(url, {
      method: 'POST',
      // Own connection each time: a kept-alive one would hold the receiver's close() open.
      agent: false,
      timeout: WEBHOOK_TIMEOUT_MS,
      signal,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'TwilioProxy/1.1',
        'X-Twilio-Signature': twilioSignature(authToken, url, params),
      },
    })
    call.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', reject)
    })
    call.on('timeout', () => call.destroy(new Error(`The webhook gave no answer within ${WEBHOOK_TIMEOUT_MS} ms`)))
    call.on('error', reject)
    call.end(body)
  })
}
