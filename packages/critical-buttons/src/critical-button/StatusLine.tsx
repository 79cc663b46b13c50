'use client'
import { type ReactNode, type RefObject, useState } from 'react'
import { useConnectivity } from '../hooks/useConnectivity.js'
import { useNow } from '../hooks/useNow.js'
import type { ButtonModel } from './ButtonModel.js'
import { joinClassNames } from './classNames.js'
import { type StatusAction, type StatusLineContent, statusLineOf } from './statusLineOf.js'

export interface StatusLineProps {
  id: string
  model: ButtonModel
  className?: string | undefined
  /** Gets the focus back when an action takes the line away. */
  triggerRef: RefObject<HTMLButtonElement | null>
  children?: ReactNode
}

/** Where things stand, in words, and what can be done about it. Renders nothing when there is nothing to say. */
export function StatusLine({ id, model, className, triggerRef, children }: StatusLineProps) {
  const content = useStatusLine(model)
  const [note, setNote] = useState<string>()
  if (content === undefined) return null
  const act = (action: StatusAction) => {
    triggerRef.current?.focus()
    void runAction(model, action).then(setNote)
  }
  return (
    <span id={id} className={joinClassNames('cb-status', className)} data-part="status" data-tone={content.tone}>
      <span data-part="status-text">{note === undefined ? content.text : `${content.text}. ${note}`}</span>
      {children}
      {content.actions.map((action) => (
        <button key={action} type="button" className="cb-action" data-part="action" data-action={action} onClick={() => act(action)}>
          {actionLabel(model, action)}
        </button>
      ))}
    </span>
  )
}

function useStatusLine(model: ButtonModel): StatusLineContent | undefined {
  const { snapshot, error, messages, actionMessages, words, resolveUser, currentValue } = model
  const { online } = useConnectivity(model.client)
  const now = useNow(snapshot.view?.nextRetryAt != null)
  const author = error?.row?.updated_by ?? undefined
  return statusLineOf({
    phase: snapshot.phase,
    view: snapshot.view,
    error,
    repeated: snapshot.repeated,
    online,
    now,
    words,
    actionMessages,
    messages,
    changedBy: author === undefined ? undefined : (resolveUser?.(author) ?? author),
    currentValue,
  })
}

/** Does it; returns what there is to add to the line, if anything. */
async function runAction(model: ButtonModel, action: StatusAction): Promise<string | undefined> {
  const { controller, messages } = model
  switch (action) {
    case 'tryAgain':
    case 'tryNow':
    case 'checkAgain':
      controller.retryNow()
      return undefined
    case 'retryFailed':
      model.retryFailed?.()
      return undefined
    case 'sendAgain':
      model.sendAgain?.()
      return undefined
    case 'dismiss':
      controller.dismiss()
      return undefined
    case 'undo':
    case 'cancel': {
      const answer = await controller.cancel()
      if (answer === 'unreachable') return messages.cancelUnreachable
      if (answer === 'cancelled') model.announce({ text: messages.cancelled, politeness: 'polite' })
      return answer === 'already-done' ? messages.cancelTooLate : undefined
    }
    default:
      return action satisfies never
  }
}

function actionLabel({ messages, snapshot }: ButtonModel, action: StatusAction): string {
  if (action !== 'retryFailed') return messages.buttons[action]
  return messages.buttons.retryFailed(snapshot.view?.error?.failed ?? snapshot.view?.progress.failed ?? 0)
}
