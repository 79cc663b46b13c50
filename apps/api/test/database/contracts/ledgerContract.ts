import { beforeAll, describe, expect, test } from '@jest/globals'
import { ERROR_CODES } from '@org/contracts'
import type { Database } from '../../../src/engine/database/Database.js'
import { findAnswer } from '../../../src/engine/ledger/findAnswer.js'
import { lookUpMutation } from '../../../src/engine/ledger/lookUpMutation.js'
import { resolveMutation } from '../../../src/engine/ledger/resolveMutation.js'
import { ANA, aKey, anActionCall, BEN } from '../../../src/engine/ledger/testing/anActionCall.js'
import { confirmBooking } from '../../../src/modules/bookings/confirmBooking.js'
import { updateLeadStatus } from '../../../src/modules/leads/updateLeadStatus.js'
import { aStoredAppointment, aStoredLead, ledgerRow, versionOf } from './rows.js'

const DAY_MS = 24 * 60 * 60 * 1_000

/** What the ledger does with keys, whatever the action. */
export function ledgerContract(current: () => Database): void {
  describe('ledger', () => {
    let database: Database

    beforeAll(() => {
      database = current()
    })

    test('knows the same error codes as the contracts', async () => {
      const rows = await database.query('select code, status, retryable, text from sync.error_codes')
      expect(Object.fromEntries(rows.map(({ code, ...entry }) => [code, entry]))).toEqual(ERROR_CODES)
    })

    test('replays byte for byte what it answered first, and takes effect once', async () => {
      const id = await aStoredAppointment(database)
      const call = anActionCall({ appointmentId: id, notes: 'ü "quoted" \\ 🙂' })
      const first = await confirmBooking(database, call)
      const replays = [await confirmBooking(database, call), await findAnswer(database, call)]
      expect(first).toMatchObject({ status: 200, replayed: false, recorded: true })
      for (const replay of replays) expect(replay).toEqual({ ...first, replayed: true })
      expect(await versionOf(database, 'appointments', id)).toBe(2)
    })

    test('takes effect once when forty requests with one key arrive together', async () => {
      const id = await aStoredAppointment(database)
      const call = anActionCall({ appointmentId: id })
      const answers = await Promise.all(Array.from({ length: 40 }, () => confirmBooking(database, call)))
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1)
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
      expect(await versionOf(database, 'appointments', id)).toBe(2)
    })

    test('records a rejection: the same key gets it again after the reason is gone', async () => {
      const id = await aStoredLead(database, { status: 'contacted' })
      const call = anActionCall({ leadId: id, status: 'contacted' as const })
      const first = await updateLeadStatus(database, call)
      await database.write(`update public.leads set status = 'new' where id = $1`, [id])
      expect(first).toMatchObject({ status: 409, recorded: true })
      expect(await updateLeadStatus(database, call)).toEqual({ ...first, replayed: true })
    })

    test('refuses a key that was used for something else, and keeps the first answer', async () => {
      const id = await aStoredAppointment(database)
      const call = anActionCall({ appointmentId: id })
      const first = await confirmBooking(database, call)
      const answer = await confirmBooking(database, { ...call, fingerprint: 'v1:other' })
      expect(answer).toMatchObject({ status: 422, recorded: false })
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false })
      expect(await findAnswer(database, call)).toEqual({ ...first, replayed: true })
    })

    test('takes a fingerprint of an unknown version for a match and says so', async () => {
      const call = anActionCall({ appointmentId: await aStoredAppointment(database) })
      const first = await confirmBooking(database, { ...call, fingerprint: 'v9:made-later' })
      expect(await confirmBooking(database, call)).toEqual({ ...first, replayed: true, fingerprintUnknown: true })
    })

    test('keeps the keys of two people apart', async () => {
      const key = aKey()
      const [one, two] = [await aStoredAppointment(database), await aStoredAppointment(database)]
      expect(await confirmBooking(database, anActionCall({ appointmentId: one }, { key }))).toMatchObject({ status: 200, replayed: false })
      expect(await confirmBooking(database, anActionCall({ appointmentId: two }, { key, caller: BEN }))).toMatchObject({
        status: 200,
        replayed: false,
      })
    })

    test('leaves no trace of a row that is not there: the same key may succeed later', async () => {
      const call = anActionCall({ appointmentId: 'apt-nowhere' })
      expect(await confirmBooking(database, call)).toMatchObject({ status: 404, recorded: false })
      expect(await ledgerRow(database, call.key)).toBeUndefined()
    })

    test('records that a click older than its ttl was not carried out', async () => {
      const id = await aStoredAppointment(database)
      const call = anActionCall({ appointmentId: id }, { ageMs: 60_001, ttlMs: 60_000 })
      const first = await confirmBooking(database, call)
      expect(first).toMatchObject({ status: 410, recorded: true })
      expect(JSON.parse(first.body)).toMatchObject({ code: 'ACTION_EXPIRED' })
      expect(await confirmBooking(database, { ...call, ageMs: 0 })).toEqual({ ...first, replayed: true })
      expect(await versionOf(database, 'appointments', id)).toBe(1)
    })

    test('carries out a click that is exactly as old as its ttl', async () => {
      const call = anActionCall({ appointmentId: await aStoredAppointment(database) }, { ageMs: 60_000, ttlMs: 60_000 })
      expect(await confirmBooking(database, call)).toMatchObject({ status: 200 })
    })

    test('does not know the outcome of a click older than its memory, and records nothing', async () => {
      const old = { ageMs: 31 * DAY_MS, ttlMs: 60 * DAY_MS }
      const call = anActionCall({ appointmentId: await aStoredAppointment(database) }, old)
      const answer = await confirmBooking(database, call)
      expect(answer).toMatchObject({ status: 410, recorded: false })
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await ledgerRow(database, call.key)).toBeUndefined()
    })

    test('is not fooled by a client clock that was set back between click and sending', async () => {
      const call = anActionCall({ appointmentId: await aStoredAppointment(database) }, { ageMs: 0, createdAtMs: Date.now() - 31 * DAY_MS })
      expect(JSON.parse((await confirmBooking(database, call)).body)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    })

    test('prefers a recorded outcome to every reason to refuse', async () => {
      const call = anActionCall({ appointmentId: await aStoredAppointment(database) })
      const first = await confirmBooking(database, call)
      const refusal = { code: 'RATE_LIMITED' as const, retryAfterMs: 7_000 }
      expect(await confirmBooking(database, call, { refusal })).toEqual({ ...first, replayed: true })
      expect(await confirmBooking(database, { ...call, ageMs: 61_000 })).toEqual({ ...first, replayed: true })
      expect(await confirmBooking(database, { ...call, ageMs: 31 * DAY_MS })).toEqual({ ...first, replayed: true })
    })

    test('refuses what it does not know while new work is refused, and writes nothing', async () => {
      const id = await aStoredAppointment(database)
      const call = anActionCall({ appointmentId: id })
      const answer = await confirmBooking(database, call, { refusal: { code: 'RATE_LIMITED', retryAfterMs: 7_000 } })
      expect(answer).toMatchObject({ status: 429, recorded: false, retryAfterMs: 7_000 })
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 7_000 })
      expect(await ledgerRow(database, call.key)).toBeUndefined()
      expect(await versionOf(database, 'appointments', id)).toBe(1)
    })

    test('carries out a request without a key each time, and records nothing', async () => {
      const id = await aStoredLead(database)
      const call = anActionCall({ leadId: id, status: 'qualified' as const }, { key: null })
      expect(await updateLeadStatus(database, call)).toMatchObject({ status: 200, recorded: false })
      expect(await updateLeadStatus(database, call)).toMatchObject({ status: 409, recorded: false, replayed: false })
      const [row] = await database.query('select sync_by, sync_key from public.leads where id = $1', [id])
      expect(row).toEqual({ sync_by: ANA.actor, sync_key: null })
    })

    test('does not know a key it never saw', async () => {
      const call = anActionCall({ appointmentId: 'apt-1' })
      expect(await findAnswer(database, call)).toBeNull()
      expect(await lookUpMutation(database, { caller: ANA, key: aKey() })).toMatchObject({ status: 404 })
    })

    test('shows its owner, and nobody else, what stands for a key', async () => {
      const key = aKey()
      const first = await confirmBooking(database, anActionCall({ appointmentId: await aStoredAppointment(database) }, { key }))
      const shown = await lookUpMutation(database, { caller: ANA, key })
      expect(JSON.parse(shown.body)).toEqual({ key, state: 'recorded', status: 200, body: first.body })
      expect(await lookUpMutation(database, { caller: BEN, key })).toMatchObject({ status: 404 })
    })

    test('abandons a key nobody used: a request that arrives later is not carried out', async () => {
      const key = aKey()
      const id = await aStoredAppointment(database)
      const resolved = await resolveMutation(database, { caller: ANA, key, ageMs: 5, createdAtMs: Date.now() })
      expect(JSON.parse(resolved.body)).toMatchObject({ key, state: 'abandoned', status: 410 })
      const late = await confirmBooking(database, anActionCall({ appointmentId: id }, { key }))
      expect(late).toMatchObject({ status: 410, recorded: true, replayed: true })
      expect(JSON.parse(late.body)).toMatchObject({ code: 'ACTION_ABANDONED' })
      expect(await versionOf(database, 'appointments', id)).toBe(1)
    })

    test('resolves a key that took effect to what was answered', async () => {
      const key = aKey()
      const first = await confirmBooking(database, anActionCall({ appointmentId: await aStoredAppointment(database) }, { key }))
      const resolved = await resolveMutation(database, { caller: ANA, key, ageMs: null, createdAtMs: null })
      expect(JSON.parse(resolved.body)).toEqual({ key, state: 'recorded', status: 200, body: first.body })
    })

    test('resolves an old click to unknown, without claiming that it was never carried out', async () => {
      const key = aKey()
      const resolved = await resolveMutation(database, { caller: ANA, key, ageMs: 31 * DAY_MS, createdAtMs: null })
      expect(JSON.parse(resolved.body)).toMatchObject({ state: 'unknown', status: 410 })
      expect(await ledgerRow(database, key)).toBeUndefined()
    })
  })
}
