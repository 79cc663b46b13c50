import type { ListedSms, SmsFate } from '../../src/modules/sms/SmsCarrier.js'
import type {
  ClaimedSms,
  IndeterminateSms,
  ListingEnd,
  SmsLease,
  SmsOutbox,
  StatusResult,
  UnreportedSms,
} from '../../src/modules/sms/SmsOutbox.js'

/** The SMS rows in memory: what is handed out was put in, and every verb that moves a row is written down. */
export class FakeOutbox implements SmsOutbox {
  readonly due: ClaimedSms[] = []
  readonly indeterminate: IndeterminateSms[] = []
  readonly claimedSids = new Set<string>()
  /** "verb id" in the order of the calls, with what matters of their arguments. */
  readonly calls: string[] = []
  /** Leases that someone else has taken over meanwhile. */
  readonly lost = new Set<string>()
  readonly unreported: UnreportedSms[] = []
  /** What follows a listing without the message. */
  listingEnd: ListingEnd = 'nothing-yet'

  async claimDue({ limit }: { limit: number }): Promise<ClaimedSms[]> {
    this.calls.push(`claimDue ${limit}`)
    return this.due.splice(0, limit)
  }

  async claimOne(id: string): Promise<ClaimedSms | null> {
    const index = this.due.findIndex((sms) => sms.id === id)
    return index === -1 ? null : (this.due.splice(index, 1)[0] ?? null)
  }

  markAccepted(lease: SmsLease, { sid }: { sid: string }): Promise<boolean> {
    this.claimedSids.add(sid)
    return this.#move(lease, `accepted ${lease.id} ${sid}`)
  }

  markFailed(lease: SmsLease, { errorCode, optedOut }: { errorCode: number | null; optedOut: boolean }): Promise<boolean> {
    return this.#move(lease, `failed ${lease.id} ${errorCode}${optedOut ? ' opted out' : ''}`)
  }

  postpone(lease: SmsLease, { retryAfterMs, reason }: { retryAfterMs: number; reason: string }): Promise<boolean> {
    return this.#move(lease, `postponed ${lease.id} ${retryAfterMs} ${reason}`)
  }

  markIndeterminate(lease: SmsLease, { reason }: { reason: string }): Promise<boolean> {
    return this.#move(lease, `indeterminate ${lease.id} ${reason}`)
  }

  async expireLeases(): Promise<number> {
    return 0
  }

  async claimIndeterminate({ limit }: { limit: number }): Promise<IndeterminateSms[]> {
    return this.indeterminate.splice(0, limit)
  }

  async takeListed(lease: SmsLease, { sid, status, errorCode }: Pick<ListedSms, 'sid' | 'status' | 'errorCode'>): Promise<StatusResult> {
    this.claimedSids.add(sid)
    return (await this.#move(lease, `listed ${lease.id} ${sid} ${status} ${errorCode}`)) ? 'applied' : 'second-sid'
  }

  async endListing(lease: SmsLease, { others }: { others: boolean }): Promise<ListingEnd> {
    return (await this.#move(lease, `not listed ${lease.id}${others ? ', but others' : ''}`)) ? this.listingEnd : 'lost'
  }

  async isAnothers(_sms: { id: string }, { sid }: { sid: string }): Promise<boolean> {
    return this.claimedSids.has(sid)
  }

  async claimUnreported({ limit }: { limit: number }): Promise<UnreportedSms[]> {
    this.calls.push(`claimUnreported ${limit}`)
    return this.unreported.splice(0, limit)
  }

  async takeLookedUp({ id }: UnreportedSms, fate: SmsFate | null): Promise<StatusResult> {
    this.calls.push(fate === null ? `not known ${id}` : `looked up ${id} ${fate.status} ${fate.errorCode}`)
    return fate === null ? 'ignored' : 'applied'
  }

  async applyStatus(): Promise<'ignored'> {
    return 'ignored'
  }

  async setOptOut(): Promise<void> {
    return undefined
  }

  async stateOf(): Promise<null> {
    return null
  }

  async #move(lease: SmsLease, what: string): Promise<boolean> {
    this.calls.push(what)
    return !this.lost.has(lease.id)
  }
}

export function aClaimedSms(fields: Partial<ClaimedSms> = {}): ClaimedSms {
  return {
    id: 'sms-1',
    tenant: 'org-1',
    to: '+12025550123',
    message: 'Hi Anna',
    attempt: 1,
    leaseToken: 'lease-1',
    validitySeconds: 600,
    traceparent: null,
    ...fields,
  }
}

export function anIndeterminateSms(fields: Partial<IndeterminateSms> = {}): IndeterminateSms {
  return {
    id: 'sms-1',
    to: '+12025550123',
    message: 'Hi Anna',
    attempt: 1,
    leaseToken: 'lease-1',
    attemptedAt: new Date('2026-01-15T10:30:00Z'),
    listing: 1,
    ...fields,
  }
}
