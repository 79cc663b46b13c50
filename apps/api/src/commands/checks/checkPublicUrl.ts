import type { Config } from '../../config.js'
import { type Finding, good, LONGEST_LOOK_MS, leftOut, notKnown, reasonOf, wrong } from './Finding.js'

type Address = Pick<Config, 'publicUrl'>

/** Whether what the world calls leads to this API. From this machine: that Twilio sees the same is likely, and not proved. */
export function checkPublicUrl(config: Address): Promise<Finding> {
  return lookAt(config, '/healthz', ({ status, body }) => status === 200 && body?.status === 'ok')
}

/** The same where the API is part of an app, which has a health of its own: whoever bears no sign-in is told so by us. */
export function checkMountedUrl(config: Address): Promise<Finding> {
  return lookAt(config, '/api/session', ({ status, body }) => status === 401 && body?.code === 'UNAUTHENTICATED')
}

interface Answer {
  status: number
  body: { status?: unknown; code?: unknown } | null
}

async function lookAt({ publicUrl }: Address, path: string, isOurs: (answer: Answer) => boolean): Promise<Finding> {
  if (publicUrl === null) return leftOut('PUBLIC_URL', 'It is not set: Twilio cannot tell what became of an SMS, nor who said STOP.')
  try {
    const response = await fetch(publicUrl + path, { redirect: 'manual', signal: AbortSignal.timeout(LONGEST_LOOK_MS) })
    const body = (await response.json().catch(() => null)) as Answer['body']
    if (isOurs({ status: response.status, body })) return good('PUBLIC_URL', 'An API of ours answers there.')
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
