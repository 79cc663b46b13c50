'use client'
import { type MouseEvent, useState } from 'react'
import type { ButtonModel } from './ButtonModel.js'
import { cancelText } from './cancelText.js'
import { part } from './part.js'
import { type PhaseLine, phaseLine, retriableCount, type StatusAction, tryAgainLabel } from './phaseLine.js'
import { sentences } from './sentences.js'
import { useFocusReturn } from './useFocusReturn.js'
import { useLineInput } from './useLineInput.js'

const NOTHING_ELSE: PhaseLine = { tone: 'info', text: '', actions: ['dismiss'] }

/**
 * Where things stand, in words, and what can be done about it. `id` goes to the words alone, for a description
 * without the names of controls. Renders nothing when there is nothing to say.
 */
export function StatusLine({ id, model, className }: { id: string; model: ButtonModel; className?: string | undefined }) {
  const about = model.snapshot.view?.id
  const [noted, setNoted] = useState<{ about: string | undefined; text: string }>()
  const note = noted?.about === about && noted?.text
  // What came of a wish is said also where the button itself says enough: it took effect before it could be cancelled.
  const line = phaseLine(useLineInput(model)) ?? (note && NOTHING_ELSE)
  const pressed = useFocusReturn(model.triggerRef)
  if (!line) return null
  const act = (action: StatusAction) => (event: MouseEvent<HTMLElement>) => {
    pressed(event.currentTarget)
    void runStatusAction(model, action).then((text) => setNoted(text === undefined ? undefined : { about, text }))
  }
  return (
    <span {...part('status', className)} data-tone={line.tone}>
      <span data-part="status-text" id={id}>
        {sentences(line.text, note)}
      </span>
      {model.details}
      <span {...part('actions')}>
        {line.actions.map((action) => (
          <button key={action} type="button" {...part('action')} data-action={action} onClick={act(action)}>
            {actionLabel(model, action)}
          </button>
        ))}
      </span>
    </span>
  )
}

export function actionLabel({ messages, say, words, snapshot, error }: ButtonModel, action: StatusAction): string {
  if (action === 'retryFailed') return messages.buttons.retryFailed(retriableCount(error))
  return action === 'tryAgain' ? tryAgainLabel({ ...snapshot, messages, say, words }) : messages.buttons[action]
}

/** Does it; returns what there is to add to the line, if anything. */
export async function runStatusAction(model: ButtonModel, action: StatusAction): Promise<string | undefined> {
  const { client, controller, snapshot, messages, announce } = model
  if (action === 'dismiss') controller.dismiss()
  else if (action === 'retryFailed' || action === 'sendAgain') model[action]?.()
  else if (action !== 'undo' && action !== 'cancel') controller.retryNow()
  else {
    const answer = await controller.cancel()
    const text = cancelText(answer, client.getMutation(snapshot.view?.id ?? ''), messages)
    announce({ text, politeness: 'polite' })
    return answer === 'cancelled' ? undefined : text
  }
  return undefined
}
