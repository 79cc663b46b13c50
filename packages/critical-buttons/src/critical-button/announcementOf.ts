import type { Announcement } from '../announcer/announce.js'
import { errorText, type StatusLineInput, sentences, statusLineOf } from './statusLineOf.js'
import { TIMING } from './timing.js'

/** What to say about a state, and how long after it began. */
export interface PlannedAnnouncement extends Announcement {
  afterMs: number
}

/** What a screen reader hears when a button enters a state; undefined when nothing. Pure. */
export function announcementOf(input: StatusLineInput): PlannedAnnouncement | undefined {
  const { phase, view, messages, actionMessages, words } = input
  const polite = (text: string, afterMs = 0) => ({ text, afterMs, politeness: 'polite' as const, mutationId: view?.id })
  const assertive = (text: string) => ({ text, afterMs: 0, politeness: 'assertive' as const, mutationId: view?.id })
  switch (phase) {
    case 'idle':
    case 'confirming':
      return undefined
    case 'running':
      return runningText(input, polite)
    case 'success':
      return polite(input.repeated ? messages.repeated : actionMessages.success(words), input.repeated ? 0 : TIMING.successAnnouncedAfterMs)
    case 'retrying':
    case 'queued':
    case 'circuit-open':
    case 'checking':
      return polite(statusLineOf(input)?.text ?? '')
    case 'partial':
      return assertive(sentences(statusLineOf(input)?.text, messages.tryAgainAvailable))
    case 'conflict':
    case 'unknown':
      return assertive(statusLineOf(input)?.text ?? '')
    case 'error':
      return errorAnnouncement(input, polite, assertive)
    default:
      return phase satisfies never
  }
}

type Say = (text: string, afterMs?: number) => PlannedAnnouncement

/** Quarters of a bulk action; anything shorter is announced only when it takes a while. */
function runningText({ view, messages, actionMessages, words }: StatusLineInput, polite: Say): PlannedAnnouncement {
  const { processed = 0, total = 1, failed = 0 } = view?.progress ?? {}
  const quarter = Math.floor((processed / total) * 4)
  if (total > 1 && quarter > 0) return polite(messages.bulkProgress(processed, total, failed))
  return polite(actionMessages.pending(words), TIMING.pendingAnnouncedAfterMs)
}

function errorAnnouncement(input: StatusLineInput, polite: Say, assertive: (text: string) => PlannedAnnouncement): PlannedAnnouncement {
  const line = statusLineOf(input)
  if (line?.tone === 'info') return polite(errorText(input.error, input.messages))
  return assertive(sentences(line?.text, line?.actions.includes('tryAgain') ? input.messages.tryAgainAvailable : undefined))
}
