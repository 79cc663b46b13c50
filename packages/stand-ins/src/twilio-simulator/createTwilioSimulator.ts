import { systemClock } from '../time/Clock.js'
import { deliver } from './delivery.js'
import { FaultSwitch } from './FaultSwitch.js'
import { inboundParams } from './inbound.js'
import type { Message } from './Message.js'
import { noJournal, openMessageJournal } from './MessageJournal.js'
import { MessageLog } from './MessageLog.js'
import { OptOuts, readReply } from './optOut.js'
import { openServer } from './ReopenableServer.js'
import { createRestApi } from './restApi.js'
import type { AcceptedMessage, InboundReply, TwilioSimulator, TwilioSimulatorOptions } from './TwilioSimulator.js'
import type { ValidMessage } from './validateMessage.js'
import { type SentWebhook, Webhooks } from './Webhooks.js'

type Optional = 'inboundUrl' | 'journalFile'
type Settings = Required<Omit<TwilioSimulatorOptions, Optional>> & Pick<TwilioSimulatorOptions, Optional>

/**
 * Starts a simulator on the loopback address.
 * @throws {RangeError} when a delay is below 0
 * @throws {Error} with `code` EADDRINUSE when the port is taken
 */
export async function createTwilioSimulator(options: TwilioSimulatorOptions = {}): Promise<TwilioSimulator> {
  const settings = withDefaults(options)
  const { accountSid, authToken, phoneNumber, clock } = settings
  const log = new MessageLog(settings.journalFile === undefined ? noJournal : openMessageJournal(settings.journalFile))
  const optOuts = new OptOuts()
  const webhooks = new Webhooks(settings)
  const faults = new FaultSwitch(settings.random)

  const deliverOn = (message: Message) =>
    deliver(message, { ...settings, webhooks, onStep: (changed) => log.save(changed), losesCallback: () => faults.losesCallback() })

  function accept({ to, from, body, statusCallback, messagingServiceSid }: ValidMessage): Message {
    const message = log.add({ to, from, body, statusCallback, messagingServiceSid, direction: 'outbound-api', at: clock.now() })
    deliverOn(message)
    return message
  }

  async function receive({ from, body, to = phoneNumber }: InboundReply): Promise<SentWebhook | null> {
    optOuts.take(readReply(body), from, to)
    const fields = { from, to, body, statusCallback: undefined, messagingServiceSid: null }
    const message = log.add({ ...fields, direction: 'inbound', at: clock.now() })
    const url = typeof settings.inboundUrl === 'function' ? settings.inboundUrl() : settings.inboundUrl
    return url === undefined ? null : webhooks.send(url, inboundParams(message, accountSid))
  }

  const app = createRestApi({
    accountSid,
    authToken,
    phoneNumber,
    messages: log,
    isOptedOut: (person, number) => optOuts.has(person, number),
    accept,
    nextHit: (call) => faults.next(call),
    faultRefusal: () => faults.refusal(),
    wait: (delayMs) => new Promise((resolve) => void clock.after(delayMs, resolve)),
  })
  const server = await openServer(settings.port, app)
  for (const { direction, body, from, to } of log.all()) if (direction === 'inbound') optOuts.take(readReply(body), from, to)
  for (const message of log.outbound()) deliverOn(message)
  // Clearing the faults of a simulator that is over must not open its port again.
  let isClosed = false

  return {
    accountSid,
    authToken,
    phoneNumber,
    port: server.port,
    url: `http://127.0.0.1:${server.port}`,
    messages: () => log.outbound().map(toAccepted),
    callCount: () => faults.calls,
    webhooks: () => webhooks.sent(),
    receive,
    faults: () => faults.plan,
    async setFaults(input) {
      faults.set(input)
      if (isClosed) return
      await (faults.plan.mode === 'refused' ? server.close() : server.open())
    },
    async close() {
      isClosed = true
      await webhooks.stop()
      await server.close()
    },
  }
}

function withDefaults(options: TwilioSimulatorOptions): Settings {
  const { port = 0, accountSid = `AC${'0123456789abcdef'.repeat(2)}`, authToken = 'demo-auth-token' } = options
  const { phoneNumber = '+15005550006', inboundUrl, journalFile, clock = systemClock, random = Math.random } = options
  const sentAfterMs = delay('sentAfterMs', options.sentAfterMs ?? 300)
  const deliveredAfterMs = delay('deliveredAfterMs', options.deliveredAfterMs ?? 700)
  return { port, accountSid, authToken, phoneNumber, inboundUrl, journalFile, clock, random, sentAfterMs, deliveredAfterMs }
}

function delay(name: string, valueMs: number): number {
  if (valueMs >= 0) return valueMs
  throw new RangeError(`createTwilioSimulator: ${name} must not be below 0, received ${valueMs}`)
}

function toAccepted({ sid, to, from, body, status }: Message): AcceptedMessage {
  return { sid, to, from, body, status }
}
