import type { MutationRecord } from '../mutation/MutationRecord.js'

/** A valid stored click; pass only what matters to the test. */
export function aMutation(fields: Partial<MutationRecord> = {}): MutationRecord {
  const lanes = fields.lanes ?? ['lead:lead-123:status']
  return {
    v: 1,
    id: '019bc134-7840-7b4f-b229-a5e4db3e5714',
    rev: 1,
    seq: 1,
    tenant: 'org-1',
    actor: 'user-456',
    action: 'lead.updateStatus',
    lanes,
    inLanes: lanes,
    request: { leadId: 'lead-123', status: 'contacted' },
    state: 'queued',
    ambiguous: false,
    accepted: false,
    attempts: 0,
    nextAttemptAt: null,
    createdAt: 0,
    storedAt: 0,
    maxAttempts: 5,
    strikes: { server: 0, noEcho: 0, since: 0 },
    lastError: null,
    bytes: 42,
    origin: { tabId: 'tab-1', contractsVersion: '1' },
    ...fields,
  }
}
