import { HEADERS, PATHS, smsSend } from '@org/contracts'
import type { Logger } from 'pino'
import { actionRoute } from '../../engine/actions/ActionRoute.js'
import type { BackgroundTask } from '../../engine/background/BackgroundTask.js'
import type { Database } from '../../engine/database/Database.js'
import { Listeners } from '../../engine/Listeners.js'
import type { Module } from '../../engine/Module.js'
import type { Telemetry } from '../../engine/telemetry/Telemetry.js'
import { adminRouter } from './admin.js'
import { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'
import { carrierInTime } from './carrierInTime.js'
import { createSmsOutbox } from './createSmsOutbox.js'
import { toE164 } from './phone.js'
import type { SmsCarrier } from './SmsCarrier.js'
import { SmsDispatcher } from './SmsDispatcher.js'
import { SmsLookUp } from './SmsLookUp.js'
import type { SmsOutbox } from './SmsOutbox.js'
import { SmsReconciler } from './SmsReconciler.js'
import { smsBacklogMetrics } from './smsBacklog.js'
import { smsHistoryRouter } from './smsHistoryRouter.js'
import type { SmsConfig } from './smsSettings.js'
import { smsStatusRouter } from './smsStatus.js'
import { createSmsTelemetry } from './smsTelemetry.js'
import { smsTimeline } from './smsTimeline.js'
import { statusCallbackUrl } from './statusCallbackUrl.js'
import { createTakeOverSms } from './takeOverSms.js'
import { createTwilioCarrier } from './twilioCarrier.js'
import { createTwilioSignatureCheck } from './twilioSignature.js'
import { twilioWebhooksRouter } from './twilioWebhooks.js'

export interface SmsModuleOptions {
  database: Database
  log: Logger
  telemetry: Pick<Telemetry, 'registry' | 'onTaskError' | 'hashId'>
  settings: SmsConfig
  /** Where Twilio reaches this API; null when it cannot. */
  publicUrl: string | null
  /** @default one of its own */
  breaker?: TwilioCircuitBreaker | undefined
  /** Null: SMS rows wait as `pending`. @default Twilio, when an account is configured */
  carrier?: SmsCarrier | null | undefined
}

const DISPATCH_EVERY_MS = 1_000
const RECONCILE_EVERY_MS = 2_000
// What another replica left behind is taken up this late at most; what this one began wakes the tasks.
const IDLE_DISPATCH_EVERY_MS = 5_000
const IDLE_RECONCILE_EVERY_MS = 10_000
const LOOK_UP_EVERY_MS = 1_000
const IDLE_LOOK_UP_EVERY_MS = 30_000

/** Sending SMS through Twilio. */
export function smsModule({
  database,
  log,
  telemetry,
  settings,
  publicUrl,
  breaker = new TwilioCircuitBreaker(),
  carrier,
}: SmsModuleOptions): Module {
  const { onBreakerChange, events } = createSmsTelemetry({ ...telemetry, log })
  smsBacklogMetrics(telemetry.registry, database)
  breaker.onChange(onBreakerChange)
  const outbox = createSmsOutbox(database)
  const used = carrier === undefined ? ownCarrier(settings) : carrier && carrierInTime(carrier)
  const common = { outbox, events }
  const statusCallback = (sms: { id: string; attempt: number }) => statusCallbackUrl(publicUrl, sms)
  const dispatcher = used === null ? null : new SmsDispatcher({ ...common, carrier: used, breaker, statusCallback })
  if (dispatcher === null) log.warn('no Twilio account is configured: SMS wait as pending')

  const onDispatchError = (err: unknown) => log.warn({ err }, 'SMS could not be dispatched now; the background task will')
  const onUnfinished = new Listeners()
  const toNumber = (phone: string) => toE164(phone, settings.defaultCountry)
  const takeOver = createTakeOverSms({ database, breaker, dispatcher, toE164: toNumber, onDispatchError })
  const send = actionRoute(
    smsSend,
    async (call, options) => {
      const answer = await takeOver(call, options)
      if (answer.status === 202) onUnfinished.notify()
      return answer
    },
    {
      perMinute: settings.perMinute,
      headers: () => ({ [HEADERS.smsBreaker]: breaker.getState() }),
    },
  )
  const checkSignature = createTwilioSignatureCheck(settings.twilio, publicUrl)
  return {
    name: 'sms',
    actions: [send],
    publicRoutes: [twilioWebhooksRouter({ outbox, checkSignature, onSecondSid: events.onSecondSid })],
    routes: [smsHistoryRouter({ database }), smsStatusRouter({ breaker }), adminRouter({ breaker, log, hashId: telemetry.hashId })],
    timeline: smsTimeline(database),
    reads: ['/api/leads/{leadId}/sms-history', PATHS.smsStatus],
    tasks:
      used === null || dispatcher === null
        ? []
        : sending(outbox, {
            dispatcher,
            reconciler: new SmsReconciler({ ...common, carrier: used }),
            lookUp: new SmsLookUp({ ...common, carrier: used, breaker }),
            onWake: (wake) => void onUnfinished.add(wake),
          }),
    retention: { smsDispatch: 'sync.delete_old_sms_dispatch', smsGates: 'sync.delete_old_sms_gates' },
    drained: async () => dispatcher?.drained(),
  }
}

const ownCarrier = ({ twilio }: SmsConfig) => (twilio === null ? null : createTwilioCarrier(twilio))

interface Sending {
  dispatcher: SmsDispatcher
  reconciler: SmsReconciler
  lookUp: SmsLookUp
  onWake: (wake: () => void) => void
}

function sending(outbox: SmsOutbox, { dispatcher, reconciler, lookUp, onWake }: Sending): BackgroundTask[] {
  const dispatch = async (signal: AbortSignal) => {
    let worked = (await outbox.expireLeases()) > 0
    while ((await dispatcher.dispatchDue()) > 0 && !signal.aborted) worked = true
    return worked
  }
  return [
    { name: 'dispatch', everyMs: DISPATCH_EVERY_MS, idleEveryMs: IDLE_DISPATCH_EVERY_MS, turn: dispatch, onWake },
    {
      name: 'reconcile',
      everyMs: RECONCILE_EVERY_MS,
      idleEveryMs: IDLE_RECONCILE_EVERY_MS,
      turn: async () => (await reconciler.reconcileDue()) > 0,
      onWake,
    },
    {
      name: 'look-up',
      everyMs: LOOK_UP_EVERY_MS,
      idleEveryMs: IDLE_LOOK_UP_EVERY_MS,
      turn: async () => (await lookUp.lookUpDue()) > 0,
    },
  ]
}
