'use client'
import { type MouseEvent, type ReactNode, useState } from 'react'
import type { ButtonModel } from './ButtonModel.js'
import { callHost } from './callHost.js'
import { cancelText } from './cancelText.js'
import { KEPT } from './keptFromHost.js'
import { part } from './part.js'
import { type PhaseLine, type PhaseLineInput, phaseLine, retriableCount, type StatusAction, tryAgainLabel } from './phaseLine.js'
import { sentences } from './sentences.js'
import { useFocusReturn } from './useFocusReturn.js'

const NOTHING_ELSE: PhaseLine = { tone: 'info', text: '', actions: ['dismiss'] }

/** A button that is disabled offers none of these. */
const SENDING_ANEW: readonly StatusAction[] = ['tryAgain', 'retryFailed', 'sendAgain']

export interface StatusProps {
  model: ButtonModel
  input: PhaseLineInput
}

/** What there is to say about a button, and to do about it. */
export interface Status {
  tone: PhaseLine['tone']
  text: string
  actions: ReactNode
}

/** Where things stand, with what came of a wish; undefined when there is nothing to say. */
export function useStatus({ model, input }: StatusProps): Status | undefined {
  const about = model.snapshot.view?.id
  const [noted, setNoted] = useState<{ about: string | undefined; text: string }>()
  const note = noted?.about === about && noted?.text
  // What came of a wish is said also where the button itself says enough: it took effect before it could be cancelled.
  const line = phaseLine(input) ?? (note ? NOTHING_ELSE : undefined)
  const pressed = useFocusReturn(model.trigger)
  if (!line) return undefined
  const act = (action: StatusAction) => (event: MouseEvent<HTMLElement>) => {
    pressed(event.currentTarget)
    void runStatusAction(model, action).then((text) => setNoted(text === undefined ? undefined : { about, text }))
  }
  const actions = line.actions
    .filter((action) => !(model.isOff && SENDING_ANEW.includes(action)))
    .map((action) => (
      <button key={action} type="button" {...part('action')} data-action={action} onClick={act(action)}>
        {actionLabel(model, action)}
      </button>
    ))
  return { tone: line.tone, text: sentences(line.text, note), actions }
}

/**
 * Where things stand, in words, and what can be done about it. The words alone carry the model's id, for a description
 * without the names of controls. Renders nothing when there is nothing to say.
 */
export function StatusLine({ model, input }: StatusProps) {
  const status = useStatus({ model, input })
  if (!status || model.options.status === 'none') return <Description model={model} text={status?.text} />
  return (
    <span {...part('status', model.options.classNames?.status)} data-tone={status.tone} {...KEPT}>
      <span data-part="status-text" id={model.id}>
        {status.text}
      </span>
      {model.details}
      <span {...part('actions')}>{status.actions}</span>
    </span>
  )
}

/** What describes a button and is not to be seen. */
export function Description({ model: { id, why }, text = why }: { model: ButtonModel; text?: string | undefined }) {
  return text ? (
    <span id={id} data-part="description" hidden>
      {text}
    </span>
  ) : null
}

export function actionLabel({ messages, say, words, snapshot, error }: ButtonModel, action: StatusAction): string {
  if (action === 'retryFailed') return messages.buttons.retryFailed(retriableCount(error))
  return action === 'tryAgain' ? tryAgainLabel({ ...snapshot, messages, say, words }) : messages.buttons[action]
}

/** Does it; returns what there is to add to the line, if anything. */
export async function runStatusAction(model: ButtonModel, action: StatusAction): Promise<string | undefined> {
  const { client, controller, snapshot, messages, announce, trigger } = model
  if (action === 'dismiss') controller.dismiss()
  else if (action === 'retryFailed' || action === 'sendAgain') model[action]?.()
  else if (action !== 'undo' && action !== 'cancel') controller.retryNow()
  else {
    const answer = await controller.cancel()
    const text = cancelText(answer, client.getMutation(snapshot.view?.id ?? ''), messages)
    // One that throws must not keep the sentence from whoever can see.
    if (text !== '') callHost(() => announce({ text, politeness: 'polite', near: trigger.current }))
    return answer === 'cancelled' ? undefined : text
  }
  return undefined
}
