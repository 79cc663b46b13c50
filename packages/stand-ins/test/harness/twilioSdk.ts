import twilio from 'twilio'
import type { TwilioSimulator } from '../../src/index.js'

type RequestOptions = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]

/** The SDK's own HTTP client, which only sends to another host. */
class LoopbackClient extends twilio.RequestClient {
  readonly #base: string

  constructor(base: string, timeoutMs: number) {
    super({ timeout: timeoutMs, keepAlive: false })
    this.#base = base
  }

  override request<Data>(options: RequestOptions) {
    return super.request<Data>({ ...options, uri: options.uri.replace('https://api.twilio.com', this.#base) } as RequestOptions & {
      data?: Data
    })
  }
}

/** The unmodified `twilio` SDK, talking to `simulator`. */
export function twilioSdk(
  simulator: Pick<TwilioSimulator, 'url' | 'accountSid' | 'authToken'>,
  options: { timeoutMs?: number; authToken?: string } = {},
) {
  const { timeoutMs = 5_000, authToken = simulator.authToken } = options
  return twilio(simulator.accountSid, authToken, { httpClient: new LoopbackClient(simulator.url, timeoutMs) })
}
