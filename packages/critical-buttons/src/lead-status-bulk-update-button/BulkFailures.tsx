import type { BulkFailure, LeadRow } from '@org/contracts/client'
import { errorText, type MutationError, type SyncClient } from '@org/sync-core'
import { part } from '../critical-button/part.js'
import { reasonText } from '../critical-button/phaseLine.js'
import { createFormatter } from '../messages/format.js'
import type { CatalogueInUse } from '../messages/Messages.js'
import { createBulkMessages } from './bulkWords.js'

const SHOWN = 3
/** Of one lead an answer tells the code alone. */
const ONE_LEAD: ReadonlyMap<string, string> = new Map([
  ['NOT_FOUND', 'This record does not exist or is not yours. Nothing was changed.'],
  ['STATUS_FINAL', 'The status of this lead is final, so nothing was changed.'],
  ['ALREADY_HAS_STATUS', 'Lead already has this status'],
  ['EFFECT_REFUSED', 'A rule of the database did not allow this, so nothing was changed.'],
])

const english = createBulkMessages(createFormatter('en'))

export interface BulkFailuresProps {
  client: SyncClient
  messages: CatalogueInUse
  error: MutationError
}

/** Which leads failed, and why. */
export function BulkFailures({ client, messages, error }: BulkFailuresProps) {
  const { failures = [] } = error
  const { more = english.more } = messages
  const rest = failures.length - SHOWN
  const inWords = ({ leadId, code }: BulkFailure) => {
    const lead = client.getRow('leads', leadId)?.row as Partial<LeadRow> | undefined
    const message = errorText(code, ONE_LEAD.get(code))
    return `${lead?.name ?? leadId}: ${reasonText({ code, message }, messages)}`
  }
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: a button may stand in a paragraph, and a list element may not
    <span {...part('failures')} role="list">
      {failures.slice(0, SHOWN).map((failure) => (
        <span key={failure.leadId} role="listitem">
          {inWords(failure)}
        </span>
      ))}
      {rest > 0 && <span role="listitem">{more(rest)}</span>}
    </span>
    // biome-ignore-end lint/a11y/useSemanticElements: as above
  )
}
