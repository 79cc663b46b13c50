'use client'
import { useNow } from '../hooks/useNow.js'
import type { ButtonModel } from './ButtonModel.js'
import type { PhaseLineInput } from './phaseLine.js'

/** Gathers what the status line and the announcements are made from. */
export function useLineInput(model: ButtonModel): PhaseLineInput {
  const { snapshot, error, nameOf } = model
  const { view } = snapshot
  // Whoever signs in anew sees nothing of this mutation: it need not be listened to.
  const identity = model.client.getIdentity()
  const author = error?.row?.updated_by
  const sender = (view?.data as { sentBy?: unknown } | undefined)?.sentBy
  return {
    ...model,
    ...snapshot,
    now: useNow(view && !view.settled && (view.nextRetryAt ?? true)),
    changedBy: author ? nameOf(author) : undefined,
    repeatedOf: typeof sender === 'string' && !('actor' in identity && identity.actor === sender) ? nameOf(sender) : undefined,
  }
}
