'use client'
import { type RefObject, useState } from 'react'
import type { ButtonModel } from './ButtonModel.js'
import { joinClassNames } from './classNames.js'
import { Failures } from './Failures.js'
import { type StatusAction, sentences, statusLineOf } from './statusLineOf.js'
import { useFocusReturn } from './useFocusReturn.js'
import { useStatusInput } from './useStatusInput.js'

export interface StatusLineProps {
  id: string
  model: ButtonModel
  className?: string | undefined
  /** Gets the focus back when an action takes the line away. */
  triggerRef: RefObject<HTMLButtonElement | null>
}

/** Where things stand, in words, and what can be done about it. Renders nothing when there is nothing to say. */
export function StatusLine({ id, model, className, triggerRef }: StatusLineProps) {
  const content = statusLineOf(useStatusInput(model))
  const [note, setNote] = useState<string>()
  const pressed = useFocusReturn(triggerRef)
  if (content === undefined) return null
  const act = (action: StatusAction, control: HTMLElement) => {
    pressed(control)
    void runAction(model, action).then(setNote)
  }
  return (
    <span id={id} className={joinClassNames('cb-status', className)} data-part="status" data-tone={content.tone}>
      <span data-part="status-text">{sentences(content.text, note)}</span>
      {model.failures && <Failures model={model} />}
      {content.actions.map((action) => (
        <button
          key={action}
          type="button"
          className="cb-action"
          data-part="action"
          data-action={action}
          onClick={(event) => act(action, event.currentTarget)}
        >
          {actionLabel(model, action)}
        </button>
      ))}
    </span>
  )
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
