import { failureReason } from './judgeCarrierAnswer.js'
import type { ListedSms, SmsCarrier } from './SmsCarrier.js'
import type { ReconcileOutcome, SmsEvents } from './SmsEvents.js'
import type { IndeterminateSms, SmsOutbox } from './SmsOutbox.js'

export interface SmsReconcilerOptions {
  outbox: SmsOutbox
  carrier: SmsCarrier
  events?: SmsEvents
  /** Lease on a row while its list is read; longer than the carrier's timeout. @default 15_000 */
  leaseMs?: number
  /** Rows looked up in one turn. @default 10 */
  batch?: number
}

// The carrier's clock and ours differ a little, and it keeps whole seconds.
const CLOCK_SKEW_MS = 60_000

/**
 * Finds out what became of SMS whose answer was lost, from the carrier's own list. Callbacks usually
 * are faster; this is for those that never come.
 */
export class SmsReconciler {
  readonly #options: Required<Omit<SmsReconcilerOptions, 'events'>> & { events: SmsEvents }

  constructor({ events = {}, ...options }: SmsReconcilerOptions) {
    this.#options = { leaseMs: 15_000, batch: 10, events, ...options }
  }

  /** Looks up every row that is due. A row whose list cannot be read comes again when its lease ran out. */
  async reconcileDue(): Promise<number> {
    const { outbox, leaseMs, batch, events } = this.#options
    const rows = await outbox.claimIndeterminate({ leaseMs, limit: batch })
    await Promise.all(
      rows.map(async (sms) => {
        try {
          const listed = await this.#list(sms)
          if (listed === null) return
          const outcome = await this.#reconcile(sms, listed)
          events.onReconciled?.(sms.id, outcome)
        } catch (error) {
          events.onTaskError?.('reconcile-one', error)
        }
      }),
    )
    return rows.length
  }

  /** What the carrier lists to this number since the attempt; null when it cannot be asked just now. */
  async #list({ id, to, attemptedAt }: IndeterminateSms): Promise<ListedSms[] | null> {
    const { carrier, events } = this.#options
    try {
      return await carrier.listTo(to, new Date(attemptedAt.getTime() - CLOCK_SKEW_MS))
    } catch (error) {
      events.onListingFailed?.(id, failureReason(error))
      return null
    }
  }

  async #reconcile(sms: IndeterminateSms, listed: readonly ListedSms[]): Promise<ReconcileOutcome> {
    const { outbox, events } = this.#options
    const unclaimed = await this.#unclaimed(sms, listed)
    const own = unclaimed.find(({ body }) => body === sms.message)
    if (own !== undefined) {
      if ((await outbox.takeListed(sms, own)) === 'second-sid') events.onSecondSid?.(sms.id)
      return 'found'
    }
    // Any unclaimed message to this number may be ours in a form we do not recognise.
    return outbox.endListing(sms, { others: unclaimed.length > 0 })
  }

  async #unclaimed(sms: IndeterminateSms, listed: readonly ListedSms[]): Promise<ListedSms[]> {
    const { outbox } = this.#options
    const anothers = await Promise.all(listed.map((message) => outbox.isAnothers(sms, message)))
    return listed.filter((_, index) => anothers[index] === false)
  }
}
