import type { MutationView, SyncClient } from '@org/sync-core'
import type { CommonMessages } from '../messages/Messages.js'

type CancelAnswer = Awaited<ReturnType<SyncClient['cancel']>>

/**
 * What came of the wish to take a click back; `after` is where it stands now. "Too late" alone does not say that it took
 * effect, and of a bulk action's parts some may have: then its ending says how much, and nothing is said here. Pure.
 */
export function cancelText(answer: CancelAnswer, after: MutationView | undefined, messages: CommonMessages): string {
  if (answer === 'cancelled') return after === undefined || after.error?.code === 'CANCELLED' ? messages.cancelled : ''
  if (answer === 'unreachable') return (after?.progress.total ?? 1) > 1 ? messages.cancelInPart : messages.cancelUnreachable
  if (after === undefined) return messages.cancelEnded
  if (!after.settled) return messages.cancelTaken
  if (after.phase === 'unknown') return messages.unknown
  return after.phase === 'success' ? messages.cancelTooLate : messages.cancelEnded
}
