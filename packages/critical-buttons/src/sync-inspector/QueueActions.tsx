import type { QueuedMutation, SyncClient } from '@org/sync-core'
import { useState } from 'react'
import { isWorthRetrying } from '../critical-button/phaseLine.js'

const ANSWERS = {
  cancelled: undefined,
  'already-done': 'Not discarded: it has ended, or the server has taken it over.',
  unreachable: 'Not discarded: the server could not be asked.',
}

/** What a person may do with one mutation of the queue, and what came of it. */
export function QueueActions({ item: { id, state, lastError }, client }: { item: QueuedMutation; client: SyncClient }) {
  const [note, setNote] = useState<string>()
  // The same answer would come again.
  const isPointless = state === 'dead' && lastError !== null && !isWorthRetrying(lastError)
  const discard = async () => setNote(ANSWERS[await client.discard(id)])
  return (
    <span className="cb-inspector-buttons">
      {!isPointless && (
        <button type="button" className="cb-action" data-part="action" data-action="retry" onClick={() => client.retry(id)}>
          Retry
        </button>
      )}
      <button type="button" className="cb-action" data-part="action" data-action="discard" onClick={() => void discard()}>
        Discard
      </button>
      <span role="status">{note}</span>
    </span>
  )
}
