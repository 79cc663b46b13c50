import { aLead } from '@org/contracts/testing'
import type { ChangeFeed, FeedChange } from '../../src/index.js'

/** A feed that publishes what a test says. */
export class FakeFeed implements ChangeFeed {
  readonly #listeners = new Set<(change: FeedChange) => void>()

  get listenerCount(): number {
    return this.#listeners.size
  }

  subscribe(listener: (change: FeedChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  publish(...changes: FeedChange[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change)
  }
}

/** An update of a lead of org-1; pass only what matters to the test. */
export function aChange(fields: Partial<FeedChange> & { row?: Readonly<Record<string, unknown>> } = {}): FeedChange {
  const { row, ...rest } = fields
  const lead = aLead({ version: 2, ...row })
  return { table: 'leads', eventType: 'UPDATE', new: lead, old: { id: lead.id }, version: lead.version, tenant: 'org-1', ...rest }
}

/** The tombstone of a lead of org-1. */
export function aDeletion(fields: Partial<FeedChange> = {}): FeedChange {
  return { table: 'leads', eventType: 'DELETE', new: null, old: { id: 'lead-123' }, version: 3, tenant: 'org-1', ...fields }
}
