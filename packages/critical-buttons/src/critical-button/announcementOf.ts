import type { Announcement } from '../announcer/announce.js'
import { conflictText, type PhaseLineInput, phaseLine } from './phaseLine.js'
import { sentences } from './sentences.js'
import { PENDING_ANNOUNCED_AFTER_MS, SUCCESS_ANNOUNCED_AFTER_MS } from './timing.js'

/** What to say about a state, and how long after it began. */
export interface PlannedAnnouncement extends Announcement {
  afterMs: number
}

/** What a screen reader hears when a button enters a state. An empty text says nothing. Pure. */
export function announcementOf(input: PhaseLineInput): PlannedAnnouncement {
  const { phase, view, messages, say, words } = input
  const line = phaseLine(input)
  const about = { mutationId: view?.id, politeness: 'polite', afterMs: 0 } as const
  if (phase === 'running') return { ...about, ...runningText(input) }
  if (phase === 'success' && !input.repeated) {
    return { ...about, text: sentences(say.success(words), line?.text), afterMs: SUCCESS_ANNOUNCED_AFTER_MS }
  }
  const canRetry = line?.actions.some((action) => action === 'retryFailed' || action === 'tryAgain')
  const isUrgent = line?.tone === 'error' || phase === 'partial' || phase === 'unknown'
  const next = phase === 'conflict' ? !conflictText(input) && messages.reviewChange : canRetry && messages.tryAgainAvailable
  const text = sentences(line?.text, isUrgent && next)
  return { ...about, text, politeness: isUrgent ? 'assertive' : 'polite' }
}

/** Quarters of a bulk action; anything shorter is announced only when it takes a while. */
function runningText({ view, messages, say, words }: PhaseLineInput): { text: string; afterMs: number } {
  const { processed, total, failed } = view?.progress ?? { processed: 0, total: 1, failed: 0 }
  return total > 1 && processed / total >= 0.25
    ? { text: messages.bulkProgress(processed, total, failed), afterMs: 0 }
    : { text: say.pending(words), afterMs: PENDING_ANNOUNCED_AFTER_MS }
}
