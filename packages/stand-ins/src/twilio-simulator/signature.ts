import { createHmac } from 'node:crypto'

/** A webhook's form fields; each name once. */
export type WebhookParams = Readonly<Record<string, string>>

/**
 * Twilio's X-Twilio-Signature: base64 HMAC-SHA1, keyed by the auth token, over the full URL as it was
 * configured (query included, the fragment that overrides connections not) and every form field as name + value, sorted by name.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function twilioSignature(authToken: string, url: string, params: WebhookParams): string {
  const signed = Object.keys(params)
    .sort()
    .reduce((text, name) => text + name + params[name], url)
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}
