import type { SmsState } from '@org/contracts'
import type { Database, SqlParameter, SqlRow } from '../../engine/database/Database.js'
import type { ClaimedSms, IndeterminateSms, ListingEnd, SmsLease, SmsOutbox, StatusResult, UnreportedSms } from './SmsOutbox.js'

interface ClaimedSmsRow extends SqlRow {
  id: string
  tenant: string
  to_number: string
  message: string
  attempt: number
  lease_token: string
  validity_seconds: number
  traceparent: string | null
}

interface IndeterminateSmsRow extends SqlRow {
  id: string
  to_number: string
  message: string
  attempt: number
  lease_token: string
  attempted_at: Date
  listing: number
}

/** The SMS rows of a database as the dispatcher sees them; each verb is one function call. */
export function createSmsOutbox(database: Database): SmsOutbox {
  const holds = async (call: string, lease: SmsLease, ...more: SqlParameter[]): Promise<boolean> => {
    const [row] = await database.write<{ held: boolean } & SqlRow>(`select sync.${call} as held`, [
      lease.id,
      lease.attempt,
      lease.leaseToken,
      ...more,
    ])
    return row?.held ?? false
  }
  const report = async (call: string, parameters: SqlParameter[]): Promise<StatusResult> => {
    const [row] = await database.write<{ result: StatusResult } & SqlRow>(`select sync.${call} as result`, parameters)
    return row?.result ?? 'unknown'
  }
  const claim = async (id: string | null, leaseMs: number, limit: number): Promise<ClaimedSms[]> => {
    const rows = await database.write<ClaimedSmsRow>('select * from sync.claim_due_sms($1, $2::bigint, $3::int)', [id, leaseMs, limit])
    return rows.map(toClaimed)
  }
  return {
    claimDue: ({ leaseMs, limit }) => claim(null, leaseMs, limit),
    claimOne: async (id, { leaseMs }) => (await claim(id, leaseMs, 1))[0] ?? null,
    markAccepted: async ({ id, attempt }, { sid }) => {
      const [row] = await database.write<{ accepted: boolean } & SqlRow>('select sync.mark_sms_accepted($1, $2::int, $3) as accepted', [
        id,
        attempt,
        sid,
      ])
      return row?.accepted ?? false
    },
    markFailed: (lease, { errorCode, reason, optedOut }) =>
      holds('mark_sms_failed($1, $2::int, $3, $4::int, $5, $6)', lease, errorCode, reason, optedOut),
    postpone: (lease, { retryAfterMs, reason }) => holds('postpone_sms($1, $2::int, $3, $4::bigint, $5)', lease, retryAfterMs, reason),
    markIndeterminate: (lease, { reason }) => holds('mark_sms_indeterminate($1, $2::int, $3, $4)', lease, reason),
    expireLeases: async () => {
      const [row] = await database.write<{ expired: number } & SqlRow>('select sync.expire_sms_leases() as expired')
      return row?.expired ?? 0
    },
    claimIndeterminate: async ({ leaseMs, limit }) => {
      const rows = await database.write<IndeterminateSmsRow>('select * from sync.claim_indeterminate_sms($1::bigint, $2::int)', [
        leaseMs,
        limit,
      ])
      return rows.map(toIndeterminate)
    },
    takeListed: ({ id, attempt }, { sid, status, errorCode }) =>
      report('take_listed_sms($1, $2::int, $3, $4, $5::int)', [id, attempt, sid, status, errorCode]),
    endListing: async ({ id, attempt, leaseToken }, { others }) => {
      const [row] = await database.write<{ ending: ListingEnd } & SqlRow>('select sync.end_sms_listing($1, $2::int, $3, $4) as ending', [
        id,
        attempt,
        leaseToken,
        others,
      ])
      return row?.ending ?? 'lost'
    },
    isAnothers: async ({ id, to }, { sid, body }) => {
      const [row] = await database.query<{ others: boolean } & SqlRow>('select sync.is_listed_sms_anothers($1, $2, $3, $4) as others', [
        id,
        to,
        sid,
        body,
      ])
      return row?.others ?? false
    },
    claimUnreported: ({ leaseMs, limit }) =>
      database.write<UnreportedSms & SqlRow>('select * from sync.claim_unreported_sms($1::bigint, $2::int)', [leaseMs, limit]),
    takeLookedUp: ({ id, sid }, fate) =>
      report('take_looked_up_sms($1, $2, $3, $4::int)', [id, sid, fate?.status ?? null, fate?.errorCode ?? null]),
    applyStatus: ({ id, attempt, sid, status, errorCode }) =>
      report('apply_sms_status($1, $2::int, $3, $4, $5::int)', [id, attempt, sid, status, errorCode]),
    setOptOut: async (phone, optedOut) => {
      await database.write('select sync.set_opt_out($1, $2)', [phone, optedOut])
    },
    stateOf: async (id) => {
      const [row] = await database.query<{ state: SmsState } & SqlRow>('select state from sync.sms_messages where id = $1', [id])
      return row?.state ?? null
    },
  }
}

function toClaimed(row: ClaimedSmsRow): ClaimedSms {
  return {
    id: row.id,
    tenant: row.tenant,
    to: row.to_number,
    message: row.message,
    attempt: row.attempt,
    leaseToken: row.lease_token,
    validitySeconds: row.validity_seconds,
    traceparent: row.traceparent,
  }
}

function toIndeterminate(row: IndeterminateSmsRow): IndeterminateSms {
  return {
    id: row.id,
    to: row.to_number,
    message: row.message,
    attempt: row.attempt,
    leaseToken: row.lease_token,
    attemptedAt: row.attempted_at,
    listing: row.listing,
  }
}
