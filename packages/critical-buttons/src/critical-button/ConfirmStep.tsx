'use client'
import { type ReactNode, type RefObject, useState } from 'react'
import { isActivePhase } from '../mutation-controller/phase.js'
import type { ButtonModel } from './ButtonModel.js'
import type { ButtonSlots } from './buttonProps.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import { errorText, sentences } from './statusLineOf.js'
import { useStatusInput } from './useStatusInput.js'

export interface ConfirmStepProps {
  model: ButtonModel
  message: ReactNode
  /** The version of the row the person is deciding about; a change asks again. */
  version: number | undefined
  triggerRef: RefObject<HTMLButtonElement | null>
  slots?: ButtonSlots | undefined
  className?: string | undefined
}

/** The question before sending: open while it is asked, while it works, and while it failed. */
export function ConfirmStep(props: ConfirmStepProps) {
  const isOpen = useIsOpen(props.model)
  return isOpen ? <OpenConfirmStep {...props} /> : null
}

function OpenConfirmStep({ model, message, version, triggerRef, slots, className }: ConfirmStepProps) {
  const { controller, snapshot, messages, actionMessages, words } = model
  const Dialog = slots?.ConfirmDialog ?? ConfirmDialog
  const seen = useSeenVersion(version)
  const confirming = snapshot.phase === 'confirming'
  const failed = !confirming && !isActivePhase(snapshot.phase)

  const confirm = () => {
    if (seen.changed) seen.acknowledge()
    else if (failed) controller.retryNow()
    else controller.confirm(version)
  }
  return (
    <Dialog
      title={actionMessages.confirmTitle(words)}
      message={message}
      confirmLabel={seen.changed ? messages.buttons.reviewed : failed ? messages.buttons.tryAgain : actionMessages.confirmLabel(words)}
      cancelLabel={messages.buttons.back}
      pending={isActivePhase(snapshot.phase)}
      status={<DialogStatus model={model} changed={seen.changed} />}
      triggerRef={triggerRef}
      onConfirm={confirm}
      onCancel={controller.dismiss}
      className={className}
    />
  )
}

function DialogStatus({ model, changed }: { model: ButtonModel; changed: boolean }) {
  const input = useStatusInput(model)
  const { messages, actionMessages, snapshot } = model
  const text = changed
    ? messages.changedWhileOpen
    : isActivePhase(snapshot.phase)
      ? actionMessages.pending(model.words)
      : sentences(snapshot.phase === 'error' ? actionMessages.failed(model.words) : undefined, errorText(input.error, messages))
  if (text === '') return null
  return (
    <p
      className="cb-dialog-status"
      data-part="dialog-status"
      data-tone={changed ? 'warning' : isActivePhase(snapshot.phase) ? 'info' : 'error'}
    >
      {text}
    </p>
  )
}

// Opened by the question; closed as soon as there is nothing left to wait for in front of it.
function useIsOpen({ snapshot }: ButtonModel): boolean {
  const [isOpen, setOpen] = useState(false)
  const { phase } = snapshot
  const next = phase === 'confirming' || (isOpen && (isActivePhase(phase) || phase === 'error' || phase === 'conflict'))
  if (next !== isOpen) setOpen(next)
  return next
}

function useSeenVersion(version: number | undefined): { changed: boolean; acknowledge: () => void } {
  const [seen, setSeen] = useState(version)
  return { changed: seen !== version, acknowledge: () => setSeen(version) }
}
