import type { Server } from 'node:http'
import { createTwilioSimulator, type TwilioSimulator } from '@org/stand-ins'
import express from 'express'
import type { Database } from '../../src/engine/database/Database.js'
import { ownReplies } from '../../src/engine/http/Reply.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { TwilioCircuitBreaker } from '../../src/modules/sms/breaker/TwilioCircuitBreaker.js'
import { createSmsOutbox } from '../../src/modules/sms/createSmsOutbox.js'
import { SmsDispatcher } from '../../src/modules/sms/SmsDispatcher.js'
import { SmsLookUp } from '../../src/modules/sms/SmsLookUp.js'
import type { SmsOutbox } from '../../src/modules/sms/SmsOutbox.js'
import { SmsReconciler } from '../../src/modules/sms/SmsReconciler.js'
import { sendSms } from '../../src/modules/sms/sendSms.js'
import { statusCallbackUrl } from '../../src/modules/sms/statusCallbackUrl.js'
import { createTwilioCarrier } from '../../src/modules/sms/twilioCarrier.js'
import { createTwilioSignatureCheck } from '../../src/modules/sms/twilioSignature.js'
import { twilioWebhooksRouter } from '../../src/modules/sms/twilioWebhooks.js'
import { portOf, serve } from '../harness.js'
import { HandClock } from '../support/HandClock.js'
import { aStoredLead } from './contracts/rows.js'

export interface SmsWorldOptions {
  /** False: Twilio cannot reach the API. @default true */
  callbacks?: boolean
  /** @default Math.random */
  random?: () => number
  /** Longest a call to Twilio takes, in milliseconds. @default 2_000 */
  callTimeoutMs?: number
}

/** The sending of SMS as the module does it, over the real SDK and a Twilio whose clock moves with the database's rows. */
export class SmsWorld {
  readonly outbox: SmsOutbox
  readonly dispatcher: SmsDispatcher
  readonly reconciler: SmsReconciler
  readonly lookUp: SmsLookUp

  private constructor(
    readonly database: Database,
    readonly twilio: TwilioSimulator,
    readonly clock: HandClock,
    parts: { webhooks: Server | null; callTimeoutMs: number },
  ) {
    const { accountSid, authToken, phoneNumber: from, url: apiBaseUrl } = twilio
    const config = { accountSid, authToken, previousAuthToken: null, from, messagingServiceSid: null, apiBaseUrl }
    const carrier = createTwilioCarrier(config, { timeoutMs: parts.callTimeoutMs })
    this.outbox = createSmsOutbox(database)
    const common = { outbox: this.outbox, carrier }
    // Its own threshold has tests of its own; here it shall not stand in the way.
    const breaker = new TwilioCircuitBreaker()
    const publicUrl = parts.webhooks === null ? null : `http://127.0.0.1:${portOf(parts.webhooks)}`
    this.dispatcher = new SmsDispatcher({
      ...common,
      breaker: alwaysClosed(breaker),
      statusCallback: (sms) => statusCallbackUrl(publicUrl, sms),
    })
    this.reconciler = new SmsReconciler(common)
    this.lookUp = new SmsLookUp({ ...common, breaker })
    const checkSignature = createTwilioSignatureCheck(config, publicUrl)
    const app = express()
      .use(ownReplies(() => undefined))
      .use(twilioWebhooksRouter({ outbox: this.outbox, checkSignature, onSecondSid: (id) => this.secondSids.push(id) }))
    parts.webhooks?.on('request', app)
    this.#close = async () => {
      await twilio.close()
      await new Promise((resolve) => (parts.webhooks === null ? resolve(null) : parts.webhooks.close(resolve)))
    }
  }

  readonly secondSids: string[] = []
  readonly #close: () => Promise<void>

  static async open(database: Database, { callbacks = true, random = Math.random, callTimeoutMs = 2_000 }: SmsWorldOptions = {}) {
    const clock = new HandClock()
    const twilio = await createTwilioSimulator({ clock, random })
    const webhooks = callbacks ? await serve(undefined) : null
    return new SmsWorld(database, twilio, clock, { webhooks, callTimeoutMs })
  }

  close(): Promise<void> {
    return this.#close()
  }

  /** A click; resolves to the SMS's id. */
  async click(message: string, phone: string): Promise<string> {
    const leadId = await aStoredLead(this.database, { phone })
    const answer = await sendSms({ database: this.database, toE164: (number) => number }, anActionCall({ leadId, message }))
    return answer.ref ?? ''
  }

  async sendAll(): Promise<void> {
    while ((await this.dispatcher.dispatchDue()) > 0);
  }

  /** Time goes by, for Twilio and for what waits in the database. */
  async pass(seconds: number): Promise<void> {
    this.clock.advance(seconds * 1_000)
    await this.database.write(
      `update sync.sms_dispatch d set due_at = d.due_at - v.gone, ask_at = d.ask_at - v.gone, attempted_at = d.attempted_at - v.gone
       from (select make_interval(secs => $1) as gone) v`,
      [seconds],
    )
  }

  /** How many SMS are in each state. */
  async states(): Promise<Record<string, number>> {
    const rows = await this.database.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from sync.sms_messages group by 1 order by 1',
    )
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }
}

function alwaysClosed(breaker: TwilioCircuitBreaker): TwilioCircuitBreaker {
  return Object.assign(breaker, { execute: (call: () => Promise<unknown>) => call(), refuse: () => null, getState: () => 'CLOSED' })
}
