/** Where Twilio reports what became of one attempt; null when it cannot reach this API. */
export function statusCallbackUrl(publicUrl: string | null, { id, attempt }: { id: string; attempt: number }): string | null {
  if (publicUrl === null) return null
  return `${publicUrl}/api/webhooks/twilio/status?mid=${encodeURIComponent(id)}&attempt=${attempt}`
}
