import type { SmsMessageRow } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions, Caller } from '../../../src/engine/ledger/ActionCall.js'
import { resolveMutation } from '../../../src/engine/ledger/resolveMutation.js'
import { ANA, anActionCall } from '../../../src/engine/ledger/testing/anActionCall.js'
import { createSmsOutbox } from '../../../src/modules/sms/createSmsOutbox.js'
import type { ClaimedSms, IndeterminateSms, ListingEnd, SmsOutbox } from '../../../src/modules/sms/SmsOutbox.js'
import { sendSms } from '../../../src/modules/sms/sendSms.js'
import { aStoredLead } from './rows.js'

export interface SmsRequest {
  leadId: string
  message: string
  templateId?: string
  again?: boolean
}

export type SmsFields = Partial<ActionCall<SmsRequest>> & { message?: string }

/** Of ana's organisation. */
export const BEN: Caller = { tenant: ANA.tenant, actor: 'user-ben' }

export const LEASE = { leaseMs: 15_000 }

let numbers = 0

/** A number no other test uses. */
export function aNumber(): string {
  numbers += 1
  return `+1312555${String(numbers).padStart(4, '0')}`
}

/** The parsed body of an answer; null without one. */
export function bodyOf(answer: { body: string } | null) {
  return JSON.parse(answer?.body ?? 'null')
}

/** An SMS on its way, and what a test needs to go on with it. */
export interface TakenSms {
  call: ActionCall<SmsRequest>
  to: string
  answer: ActionAnswer
  id: string
}

/** Brings SMS to where a test begins. */
export class SmsBench {
  readonly #current: () => Database
  #outbox: SmsOutbox | undefined

  /** @param current the database, once the suite has opened it */
  constructor(current: () => Database) {
    this.#current = current
  }

  get database(): Database {
    return this.#current()
  }

  get outbox(): SmsOutbox {
    this.#outbox ??= createSmsOutbox(this.database)
    return this.#outbox
  }

  /** What an earlier test left unfinished is not the next one's. */
  async clear(): Promise<void> {
    await this.database.write('update sync.sms_dispatch set due_at = null')
  }

  click(call: ActionCall<SmsRequest>, options?: ActionOptions): Promise<ActionAnswer> {
    return sendSms({ database: this.database, toE164: (phone) => (phone.startsWith('+') ? phone : null) }, call, options)
  }

  async taken({ message = 'Hi Anna', ...fields }: SmsFields = {}): Promise<TakenSms> {
    const to = aNumber()
    const leadId = await aStoredLead(this.database, { phone: to })
    const call = anActionCall<SmsRequest>({ leadId, message }, fields)
    const answer = await this.click(call)
    return { call, to, answer, id: answer.ref ?? '' }
  }

  async claimed(fields: SmsFields = {}): Promise<TakenSms & { lease: ClaimedSms }> {
    const sms = await this.taken(fields)
    return { ...sms, lease: await this.claim(sms.id) }
  }

  async claim(id: string): Promise<ClaimedSms> {
    const lease = await this.outbox.claimOne(id, LEASE)
    if (lease === null) throw new Error('the SMS was not due')
    return lease
  }

  async indeterminate(fields: SmsFields = {}): Promise<TakenSms> {
    const sms = await this.claimed(fields)
    await this.outbox.markIndeterminate(sms.lease, { reason: 'timeout' })
    return sms
  }

  /** Another click, ben's unless said otherwise, with the words of an SMS. */
  repeatOf(
    { call }: Pick<TakenSms, 'call'>,
    { caller = BEN, again, ...fields }: SmsFields & { again?: boolean } = {},
  ): ActionCall<SmsRequest> {
    return anActionCall<SmsRequest>({ ...call.request, ...(again === undefined ? {} : { again }) }, { caller, ...fields })
  }

  /** What its owner is told who takes a click back. */
  async resolve({ caller, key }: ActionCall) {
    return bodyOf(await resolveMutation(this.database, { caller, key: key as never, ageMs: 5, createdAtMs: Date.now() }))
  }

  async accept({ id }: Pick<TakenSms, 'id'>): Promise<boolean> {
    return this.outbox.markAccepted(await this.claim(id), { sid: `SM-${id}` })
  }

  async makeDue(id: string): Promise<void> {
    await this.database.write(`update sync.sms_dispatch set due_at = now() - interval '1 second' where sms_id = $1`, [id])
  }

  /** Claims an indeterminate SMS for its next listing. */
  async listed(id: string): Promise<IndeterminateSms> {
    await this.makeDue(id)
    const [lease] = await this.outbox.claimIndeterminate({ ...LEASE, limit: 10 })
    if (lease === undefined) throw new Error('the SMS was not due for a listing')
    return lease
  }

  async listedInVain(id: string, times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) await this.outbox.endListing(await this.listed(id), { others: false })
  }

  /** One more listing that does not have it. */
  async endedListing(id: string, { others = false } = {}): Promise<ListingEnd> {
    return this.outbox.endListing(await this.listed(id), { others })
  }

  async isDue(id: string): Promise<boolean> {
    return (await this.dueInSeconds(id)) !== null
  }

  /** Until something is to be done with it; null: nothing. */
  async dueInSeconds(id: string): Promise<number | null> {
    const [row] = await this.database.query<{ s: number | null }>(
      'select round(extract(epoch from due_at - now()))::int as s from sync.sms_dispatch where sms_id = $1',
      [id],
    )
    return row?.s ?? null
  }

  /** True when some row has this sid. */
  isClaimed(sid: string): Promise<boolean> {
    return this.outbox.isAnothers({ id: 'sms-other', to: 'nobody' }, { sid, body: '' })
  }

  async rowOf(id: string): Promise<SmsMessageRow | undefined> {
    const [row] = await this.database.query<{ row: SmsMessageRow }>(
      'select sync.row_json(m) as row from sync.sms_messages m where id = $1',
      [id],
    )
    return row?.row
  }
}
