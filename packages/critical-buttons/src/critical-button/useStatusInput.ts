'use client'
import { useConnectivity } from '../hooks/useConnectivity.js'
import { useNow } from '../hooks/useNow.js'
import type { ButtonModel } from './ButtonModel.js'
import type { StatusLineInput } from './statusLineOf.js'

/** Gathers what the status line and the announcements are made from. */
export function useStatusInput(model: ButtonModel): StatusLineInput {
  const { snapshot, error, messages, actionMessages, words, resolveUser, currentValue } = model
  const { online } = useConnectivity(model.client)
  const now = useNow(snapshot.view?.nextRetryAt != null)
  const author = error?.row?.updated_by ?? undefined
  return {
    phase: snapshot.phase,
    view: snapshot.view,
    error,
    repeated: snapshot.repeated,
    online,
    now,
    words,
    actionMessages,
    messages,
    progress: model.progress,
    changedBy: author === undefined ? undefined : (resolveUser?.(author) ?? author),
    currentValue,
  }
}
