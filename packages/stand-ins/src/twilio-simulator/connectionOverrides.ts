/** What went wrong with one try of a webhook: no connection, no answer in time, or a refusal. */
export type WebhookFailure = 'ct' | 'rt' | '4xx' | '5xx'

/** Where a webhook goes, and what is done when it fails. */
export interface ConnectionOverrides {
  /** Without the fragment: what is requested, and what is signed. */
  url: string
  /** Tries after the first. 0 to 5. */
  retries: number
  /** After which failures it is tried again. */
  retriedAfter: ReadonlySet<WebhookFailure>
}

const EVERY_FAILURE: readonly WebhookFailure[] = ['ct', 'rt', '4xx', '5xx']
const MOST_RETRIES = 5

/**
 * Reads what a webhook's address asks for in its fragment, for example `#rc=5&rp=all`. Without one Twilio tries once more
 * where no connection was made. What it does not know or what makes no sense it passes over.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export function connectionOverrides(address: string): ConnectionOverrides {
  const at = address.indexOf('#')
  const asked = new URLSearchParams(at === -1 ? '' : address.slice(at + 1))
  return {
    url: at === -1 ? address : address.slice(0, at),
    retries: retriesOf(asked.get('rc')),
    retriedAfter: failuresOf(asked.get('rp')),
  }
}

function retriesOf(count: string | null): number {
  return count !== null && /^\d$/.test(count) ? Math.min(Number(count), MOST_RETRIES) : 1
}

function failuresOf(policy: string | null): ReadonlySet<WebhookFailure> {
  const names = (policy ?? 'ct').split(',')
  return new Set(names.includes('all') ? EVERY_FAILURE : EVERY_FAILURE.filter((failure) => names.includes(failure)))
}
