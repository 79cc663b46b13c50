/**
 * Makes Twilio repeat a callback up to five times whatever went wrong; without it a restart of ours loses it. Never sent as a
 * part of the address.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export const CALLBACK_RETRIES = '#rc=5&rp=all'

/** Where Twilio reports what became of one attempt; null when it cannot reach this API. */
export function statusCallbackUrl(publicUrl: string | null, { id, attempt }: { id: string; attempt: number }): string | null {
  if (publicUrl === null) return null
  return `${publicUrl}/api/webhooks/twilio/status?mid=${encodeURIComponent(id)}&attempt=${attempt}${CALLBACK_RETRIES}`
}
