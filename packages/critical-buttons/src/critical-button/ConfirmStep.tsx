'use client'
import { useState } from 'react'
import { isSendingPhase } from '../mutation-controller/phase.js'
import { ConfirmDialog } from './ConfirmDialog.js'
import { Icon } from './Icon.js'
import { part } from './part.js'
import { isWorthRetrying, phaseLine } from './phaseLine.js'
import { actionLabel, runStatusAction, type StatusProps } from './StatusLine.js'
import { sentences } from './sentences.js'

/** The question before sending: open while it is asked, while it works, and while trying again may help. */
export function ConfirmStep(props: StatusProps) {
  const { error, snapshot } = props.model
  const { phase } = snapshot
  const [wasOpen, setOpen] = useState(false)
  // Closed as soon as there is nothing left to wait for in front of it; what the server has taken over may take minutes.
  const isOpen =
    phase === 'confirming' || (wasOpen && (isSendingPhase(phase) || phase === 'conflict' || (phase === 'error' && isWorthRetrying(error))))
  if (isOpen !== wasOpen) setOpen(isOpen)
  return isOpen ? <OpenConfirmStep {...props} /> : null
}

function OpenConfirmStep({ model, input }: StatusProps) {
  const { controller, snapshot, messages, say, words, question: message, options, isOff } = model
  const { seenVersion: version, slots, classNames, change } = options
  const Dialog = slots?.ConfirmDialog ?? ConfirmDialog
  // A host writes its text for what it would send now, which may be something else by now: the text that was asked stays.
  const [seen, setSeen] = useState({ version, message })
  const [note, setNote] = useState<string>()
  // A record that only now arrives has not changed.
  if (seen.version === undefined && version !== undefined) setSeen({ ...seen, version })
  const { phase } = snapshot
  const pending = isSendingPhase(phase)
  const hasChanged = seen.version !== undefined && seen.version !== version && !pending
  const line = phaseLine({ ...input, progress: false })
  const takeBack = pending ? line?.actions[0] : undefined

  const confirm = () => {
    if (isOff) return
    setSeen({ version, message })
    if (hasChanged) return
    if (phase === 'confirming') controller.confirm(version)
    else controller.retryNow()
  }
  const status = hasChanged
    ? sentences(change, messages.changedWhileOpen)
    : sentences(line?.text ?? (pending && say.pending(words)), pending && note)
  return (
    <Dialog
      title={say.confirmTitle(words)}
      message={hasChanged ? message : seen.message}
      confirmLabel={
        hasChanged
          ? messages.buttons.reviewed
          : phase === 'confirming' || pending
            ? say.confirmLabel(words)
            : actionLabel(model, 'tryAgain')
      }
      cancelLabel={takeBack ? actionLabel(model, takeBack) : messages.buttons.back}
      isFinal={words.isFinal}
      pending={pending}
      isOff={isOff}
      canCancel={takeBack !== undefined}
      status={
        status && (
          <p {...part('dialog-status')} data-tone={hasChanged ? 'warning' : (line?.tone ?? 'info')}>
            {pending && <Icon name="spinner" />}
            <span>{status}</span>
          </p>
        )
      }
      triggerRef={model.trigger}
      onConfirm={confirm}
      onCancel={() => (takeBack ? void runStatusAction(model, takeBack).then(setNote) : controller.dismiss())}
      className={classNames?.dialog}
    />
  )
}
