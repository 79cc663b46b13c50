import { type BulkFailure, ERROR_CODES, isErrorCode, type LeadRow } from '@org/contracts/client'
import type { ButtonModel } from '../critical-button/ButtonModel.js'
import { part } from '../critical-button/part.js'
import { reasonText } from '../critical-button/phaseLine.js'

const SHOWN = 3

/** Which leads failed, and why. */
export function BulkFailures({ model }: { model: Pick<ButtonModel, 'client' | 'messages' | 'error'> }) {
  const { client, messages, error } = model
  const failures = error?.failures ?? []
  const rest = failures.length - SHOWN
  const inWords = ({ leadId, code }: BulkFailure) => {
    const lead = client.getRow('leads', leadId)?.row as Partial<LeadRow> | undefined
    const message = isErrorCode(code) ? ERROR_CODES[code].text : code
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
