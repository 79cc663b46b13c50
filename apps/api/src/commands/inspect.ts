import type { Config } from '../config.js'
import { readTimeline } from '../engine/timeline/readTimeline.js'
import { recordAudit } from '../engine/timeline/recordAudit.js'
import type { Timeline } from '../engine/timeline/Timeline.js'
import { smsTimeline } from '../modules/sms/smsTimeline.js'
import { openForOperator, operatorName } from './operator.js'
import { printable } from './printable.js'

export interface InspectWords {
  /** `key`, `person`, `sms`, or a table, in the singular too. */
  kind: string
  id: string
  /** Null: of every organisation. */
  organisation: string | null
  json: boolean
}

/**
 * What is known of a click, a person, a row or an SMS, as text; null when nothing is. The look is written down before.
 * @throws {UnknownWordError} when `kind` is nothing that can be asked for
 */
export async function inspect(config: Config, { kind, id, organisation, json }: InspectWords): Promise<string | null> {
  const { database, hasSms } = await openForOperator(config)
  try {
    const asked = { subject: { kind, id }, tenant: organisation }
    await recordAudit(database, { ...asked, actor: operatorName(), door: 'org-api', verb: 'inspect' })
    const timeline = await readTimeline(database, { ...asked, sources: hasSms ? [smsTimeline(database)] : [] })
    if (timeline.verdicts.length + timeline.events.length === 0) return null
    return json ? `${JSON.stringify(timeline, null, 2)}\n` : describeTimeline(timeline)
  } finally {
    await database.close()
  }
}

/** First how things stand, then how they came there. */
export function describeTimeline({ verdicts, events, more }: Timeline): string {
  const lines = [
    ...verdicts.map(({ text }) => printable(text)),
    '',
    ...events.map(({ at, text }) => `${at}  ${printable(text)}`),
    ...(more ? ['', 'There are older clicks than these. Ask for one of them by its key.'] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** What a person is told where nothing was found. */
export const NOTHING_KNOWN =
  'Nothing is known of it. The ledger remembers clicks for 30 days, the change log rows for 7; a click that never arrived is known at its browser alone. An id counts only as the database writes it.\n'
