import { describe, expect, it } from '@jest/globals'
import type { leadBulkUpdateStatus } from '@org/contracts/client'
import type { ErrorOf, MutationView } from '@org/sync-core'
import { bulkError } from './bulkOutcome.js'

const leadIds = ['a', 'b', 'c']
type BulkError = ErrorOf<typeof leadBulkUpdateStatus>
const error = (fields: Partial<BulkError> = {}): BulkError => ({ code: 'PARTIAL', message: 'Text', willRetry: false, ...fields })
const stands = (phase: MutationView['phase'], processed = 0, failed = 0) =>
  ({ phase, progress: { processed, total: 3, failed } }) as MutationView

describe('what onError of a bulk update is given', () => {
  it('are the counts of the answer', () => {
    const failures = [{ leadId: 'b', code: 'NOT_FOUND' }]
    const given = bulkError(error({ updated: 2, failed: 1, failures }), stands('partial', 3, 1), leadIds)
    expect(given).toMatchObject({ updated: 2, failed: 1, failures })
  })

  it('is that every lead failed, for one reason, when the whole was refused', () => {
    const given = bulkError(error({ code: 'FORBIDDEN' }), stands('error'), leadIds)
    expect(given).toMatchObject({ updated: 0, failed: 3, failures: leadIds.map((leadId) => ({ leadId, code: 'FORBIDDEN' })) })
    expect(bulkError(error({ code: 'QUEUE_FULL' }), undefined, leadIds)).toMatchObject({ updated: 0, failed: 3 })
  })

  it.each([
    ['it goes on by itself', error({ willRetry: true }), stands('circuit-open', 0)],
    ['nobody knows', error({ code: 'OUTCOME_UNKNOWN' }), stands('unknown', 0)],
  ])('calls no lead failed while %s', (_, given, view) => {
    expect(bulkError(given, view, leadIds)).toMatchObject({ updated: 0, failed: 0, failures: [] })
  })

  it('counts what is known when the rest is not', () => {
    const given = bulkError(error({ code: 'OUTCOME_UNKNOWN' }), stands('unknown', 2, 1), leadIds)
    expect(given).toMatchObject({ updated: 1, failed: 1, failures: [] })
  })
})
