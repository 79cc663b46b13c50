import { systemClock } from '../time/Clock.js'
import { deliver } from './delivery.js'
import { countSegments, type Message } from './Message.js'
import { MessageLog } from './MessageLog.js'
import { API_VERSION } from './messageResource.js'
import { OptOuts, readReply } from './optOut.js'
import { openServer } from './ReopenableServer.js'
import { createRestApi } from './restApi.js'
import { isKnownTwilioCode, TWILIO_REFUSALS } from './TwilioError.js'
import type { AcceptedMessage, TwilioSimulator, TwilioSimulatorOptions } from './TwilioSimulator.js'
import { decideHit, resolveTwilioFaults } from './twilioFaults.js'
import { Webhooks } from './Webhooks.js'

/**
 * Starts a simulator on the loopback address.
 * @throws {RangeError} when a delay is below 0
 * @throws {Error} with `code` EADDRINUSE when the port is taken
 */
export async function createTwilioSimulator(options: TwilioSimulatorOptions = {}): Promise<TwilioSimulator> {
  const { accountSid = `AC${'0123456789abcdef'.repeat(2)}`, authToken = 'demo-auth-token', phoneNumber = '+15005550006' } = options
  const { clock = systemClock, random = Math.random, sentAfterMs = 300, deliveredAfterMs = 700 } = options
  if (!(sentAfterMs >= 0)) throw new RangeError(`createTwilioSimulator: sentAfterMs must not be below 0, received ${sentAfterMs}`)
  if (!(deliveredAfterMs >= 0))
    throw new RangeError(`createTwilioSimulator: deliveredAfterMs must not be below 0, received ${deliveredAfterMs}`)

  const log = new MessageLog()
  const optOuts = new OptOuts()
  const webhooks = new Webhooks({ authToken, clock })
  let plan = resolveTwilioFaults()
  let callCount = 0

  const app = createRestApi({
    accountSid,
    authToken,
    messages: log,
    isOptedOut: (person, number) => optOuts.has(person, number),
    accept(valid) {
      const message = log.add({ ...valid, direction: 'outbound-api', at: clock.now() })
      deliver(message, { accountSid, clock, webhooks, sentAfterMs, deliveredAfterMs })
      return message
    },
    nextHit(call) {
      callCount += 1
      const decided = decideHit(plan, call, random())
      plan = decided.plan
      return decided.hit
    },
    faultRefusal: () => ({
      status: plan.status,
      code: plan.code,
      message: isKnownTwilioCode(plan.code) ? TWILIO_REFUSALS[plan.code].message : 'The request was refused',
    }),
    wait: (delayMs) => new Promise((resolve) => void clock.after(delayMs, resolve)),
  })
  const server = await openServer(options.port ?? 0, app)

  return {
    accountSid,
    authToken,
    phoneNumber,
    port: server.port,
    url: `http://127.0.0.1:${server.port}`,
    messages: () =>
      log
        .all()
        .filter((message) => message.direction === 'outbound-api')
        .map(toAccepted),
    callCount: () => callCount,
    webhooks: () => webhooks.sent(),
    async receive({ from, body, to = phoneNumber }) {
      optOuts.take(readReply(body), from, to)
      const message = log.add({ from, to, body, direction: 'inbound', statusCallback: undefined, at: clock.now() })
      const url = typeof options.inboundUrl === 'function' ? options.inboundUrl() : options.inboundUrl
      return url === undefined ? null : webhooks.send(url, inboundParams(message, accountSid))
    },
    faults: () => plan,
    async setFaults(faults) {
      plan = resolveTwilioFaults(faults)
      if (plan.mode === 'refused') await server.close()
      else await server.open()
    },
    async close() {
      await webhooks.stop()
      await server.close()
    },
  }
}

function toAccepted({ sid, to, from, body, status }: Message): AcceptedMessage {
  return { sid, to, from, body, status }
}

function inboundParams(message: Message, accountSid: string): Record<string, string> {
  return {
    AccountSid: accountSid,
    ApiVersion: API_VERSION,
    Body: message.body,
    From: message.from,
    MessageSid: message.sid,
    NumMedia: '0',
    NumSegments: String(countSegments(message.body)),
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: 'received',
    To: message.to,
  }
}
