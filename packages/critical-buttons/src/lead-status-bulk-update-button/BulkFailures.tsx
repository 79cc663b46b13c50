import { type BulkFailure, clientText, type LeadRow } from '@org/contracts/client'
import type { ButtonModel } from '../critical-button/ButtonModel.js'
import { part } from '../critical-button/part.js'
import { reasonText } from '../critical-button/phaseLine.js'

const SHOWN = 3
/** Of one lead an answer tells the code alone. */
const ONE_LEAD: ReadonlyMap<string, string> = new Map([
  ['NOT_FOUND', 'This record does not exist or is not yours. Nothing was changed.'],
  ['STATUS_FINAL', 'This lead is won, which is final. Its status cannot change any more.'],
  ['ALREADY_HAS_STATUS', 'Lead already has this status'],
  ['EFFECT_REFUSED', 'A rule of the database did not allow this, so nothing was changed.'],
])

/** Which leads failed, and why. */
export function BulkFailures({ model }: { model: Pick<ButtonModel, 'client' | 'messages' | 'error'> }) {
  const { client, messages, error } = model
  const failures = error?.failures ?? []
  const rest = failures.length - SHOWN
  const inWords = ({ leadId, code }: BulkFailure) => {
    const lead = client.getRow('leads', leadId)?.row as Partial<LeadRow> | undefined
    const message = ONE_LEAD.get(code) ?? clientText(code) ?? code
    return `${lead?.name ?? leadId}: ${reasonText({ code, message, willRetry: false }, messages)}`
  }
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: a button may stand in a paragraph, and a list element may not
    <span {...part('failures')} role="list">
      {failures.slice(0, SHOWN).map((failure) => (
        <span key={failure.leadId} role="listitem">
          {inWords(failure)}
        </span>
      ))}
      {rest > 0 && <span role="listitem">{messages.more(rest)}</span>}
    </span>
    // biome-ignore-end lint/a11y/useSemanticElements: as above
  )
}
