import type { Config } from '../../config.js'
import { type Finding, good, LONGEST_LOOK_MS, leftOut, notKnown, reasonOf, wrong } from './Finding.js'

/** Whether what the world calls leads to this API. From this machine: that Twilio sees the same is likely, and not proved. */
export async function checkPublicUrl({ publicUrl }: Pick<Config, 'publicUrl'>): Promise<Finding> {
  if (publicUrl === null) return leftOut('PUBLIC_URL', 'It is not set: Twilio cannot tell what became of an SMS, nor who said STOP.')
  try {
    const response = await fetch(`${publicUrl}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(LONGEST_LOOK_MS) })
    const body = (await response.json().catch(() => null)) as { status?: unknown } | null
    if (response.status === 200 && body?.status === 'ok') return good('PUBLIC_URL', 'An API of ours answers there.')
    if (response.status === 502 || response.status === 503 || response.status === 504)
      return notKnown('PUBLIC_URL', `A proxy answers ${response.status}: it finds no API behind it.`, 'Start the API, then check again.')
    return wrong(
      'PUBLIC_URL',
      `Something else answers there (${response.status}).`,
      'Set it to the address under which the load balancer leads to this API, with its path and without /api; a redirect is not followed by Twilio’s signature.',
    )
  } catch (error) {
    return notKnown(
      'PUBLIC_URL',
      `Nothing answers there (${reasonOf(error)}).`,
      'Start the API, then check again. If it runs: check name, certificate and load balancer; this machine may also be kept from calling itself by its public name.',
    )
  }
}
