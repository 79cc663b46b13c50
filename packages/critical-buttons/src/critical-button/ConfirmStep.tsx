'use client'
import { type ReactNode, useState } from 'react'
import { isSendingPhase } from '../mutation-controller/phase.js'
import type { ButtonModel } from './ButtonModel.js'
import type { ButtonSlots } from './buttonProps.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import { part } from './part.js'
import { conflictText, errorText, sentences, tryAgainLabel } from './phaseLine.js'
import { useLineInput } from './useLineInput.js'

export interface ConfirmStepProps {
  model: ButtonModel
  message: ReactNode
  /** The version of the row the person is deciding about; a change asks again. */
  version: number | undefined
  slots?: ButtonSlots | undefined
  className?: string | undefined
}

/** The question before sending: open while it is asked, while it works, and while it failed. */
export function ConfirmStep(props: ConfirmStepProps) {
  const { phase } = props.model.snapshot
  const [wasOpen, setOpen] = useState(false)
  // Closed as soon as there is nothing left to wait for in front of it; what the server has taken over may take minutes.
  const isOpen = phase === 'confirming' || (wasOpen && (isSendingPhase(phase) || phase === 'error' || phase === 'conflict'))
  if (isOpen !== wasOpen) setOpen(isOpen)
  return isOpen ? <OpenConfirmStep {...props} /> : null
}

function OpenConfirmStep({ model, message, version, slots, className }: ConfirmStepProps) {
  const { controller, snapshot, messages, say, words, error } = model
  const { buttons } = messages
  const Dialog = slots?.ConfirmDialog ?? ConfirmDialog
  const [seen, setSeen] = useState(version)
  const about = useLineInput(model)
  const { phase } = snapshot
  const pending = isSendingPhase(phase)
  const hasFailed = phase !== 'confirming' && !pending
  const hasChanged = seen !== version && !pending

  const confirm = () => {
    setSeen(version)
    if (hasChanged) return
    if (hasFailed) controller.retryNow()
    else controller.confirm(version)
  }
  const status = hasChanged
    ? sentences(model.change, messages.changedWhileOpen)
    : pending
      ? say.pending(words)
      : hasFailed && ((phase === 'conflict' && conflictText(about)) || sentences(say.failed(words), errorText(error, messages)))
  return (
    <Dialog
      title={say.confirmTitle(words)}
      message={message}
      confirmLabel={hasChanged ? buttons.reviewed : hasFailed ? tryAgainLabel(about) : say.confirmLabel(words)}
      cancelLabel={buttons.back}
      pending={pending}
      status={
        status && (
          <p {...part('dialog-status')} data-tone={hasChanged ? 'warning' : pending ? 'info' : 'error'}>
            {status}
          </p>
        )
      }
      triggerRef={model.triggerRef}
      onConfirm={confirm}
      onCancel={() => controller.dismiss()}
      className={className}
    />
  )
}
