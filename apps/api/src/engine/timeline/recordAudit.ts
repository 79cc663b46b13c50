import type { Database } from '../database/Database.js'
import type { Asked } from './Timeline.js'

export interface Audited extends Asked {
  /** Whom a verified token names, or the user of the machine that org-api runs on. */
  actor: string
  door: 'api' | 'org-api'
  /** What is done: `inspect`, or a module's own word. */
  verb: string
}

/**
 * Writes down who looks at what, or changes it by hand. Before it is done: where this fails, nothing is shown.
 * @throws {DatabaseError} as every write
 */
export async function recordAudit(database: Database, { actor, door, verb, tenant, subject }: Audited): Promise<void> {
  await database.write('select sync.record_audit($1, $2, $3, $4, $5, $6)', [actor, door, verb, tenant, subject.kind, subject.id])
}
