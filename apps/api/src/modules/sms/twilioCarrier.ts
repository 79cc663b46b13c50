import { types } from 'node:util'
import type RequestClient from 'twilio/lib/base/RequestClient.js'
import type twilioResponse from 'twilio/lib/http/response.js'
import { traceHeaders } from '../../engine/telemetry/spans.js'
import { CALL_TIMEOUT_MS, carrierInTime } from './carrierInTime.js'
import type { ListedSms, OutgoingSms, SmsCarrier, SmsFate } from './SmsCarrier.js'
import type { TwilioConfig } from './smsSettings.js'
import { twilioSdk } from './twilioSdk.js'

const TWILIO_ORIGIN = 'https://api.twilio.com'
const LIST_LIMIT = 200
/** Above the dispatcher's concurrency: a call that waits for a socket would time out without having been made. */
const MAX_SOCKETS = 64

/** Sends through the real Twilio SDK, once per call: nothing is retried below the dispatcher. */
export function createTwilioCarrier(config: TwilioConfig, { timeoutMs = CALL_TIMEOUT_MS } = {}): SmsCarrier {
  const twilio = twilioSdk()
  const httpClient = rebasedClient(twilio, { origin: config.apiBaseUrl, timeoutMs })
  const client = twilio(config.accountSid, config.authToken, { httpClient, autoRetry: false })
  const sender = config.messagingServiceSid === null ? { from: config.from ?? '' } : { messagingServiceSid: config.messagingServiceSid }

  const carrier: SmsCarrier = {
    async send(message: OutgoingSms) {
      const created = await client.messages.create({
        ...sender,
        to: message.to,
        body: message.body,
        validityPeriod: message.validitySeconds,
        ...(message.statusCallback === null ? {} : { statusCallback: message.statusCallback }),
      })
      return { sid: created.sid }
    },
    async listTo(to: string, since: Date): Promise<ListedSms[]> {
      // Not filtered by DateSent at Twilio: a message still queued there has none, and must be found too.
      const found = await client.messages.list({ to, limit: LIST_LIMIT })
      return (
        found
          // One whose age cannot be read is not known to be older: left out, it might be sent again.
          .filter(({ direction, dateCreated }) => direction !== 'inbound' && !isOlder(dateCreated, since))
          .map((message) => ({ sid: message.sid, to: message.to, from: message.from, body: message.body, ...fateOf(message) }))
      )
    },
    async lookUp(sid: string): Promise<SmsFate> {
      return fateOf(await client.messages(sid).fetch())
    },
  }
  // The SDK's timeout counts silence on the socket; an answer that drips in would outlive the lease.
  return carrierInTime(carrier, timeoutMs)
}

function isOlder(date: unknown, since: Date): boolean {
  return types.isDate(date) && date < since
}

function fateOf({ status, errorCode }: { status: string; errorCode: number }): SmsFate {
  // 0 is no error, and the SDK leaves the field out of some answers.
  return { status, errorCode: errorCode || null }
}

/** The SDK's own client, pointed at another origin when one is configured. */
function rebasedClient(twilio: ReturnType<typeof twilioSdk>, { origin, timeoutMs }: { origin: string | null; timeoutMs: number }) {
  class RebasedClient extends twilio.RequestClient {
    override request<TData>(options: RequestClient.RequestOptions<TData>): Promise<twilioResponse.default<TData>> {
      const uri = origin === null ? options.uri : options.uri.replace(TWILIO_ORIGIN, origin)
      return super.request({ ...options, uri, headers: { ...options.headers, ...traceHeaders() } })
    }
  }
  // A connection of its own for each call: a kept one that Twilio closed meanwhile fails after bytes have
  // left, and an SMS that certainly was not sent would count as one that may have been.
  return new RebasedClient({ timeout: timeoutMs, autoRetry: false, maxSockets: MAX_SOCKETS, keepAlive: false })
}
