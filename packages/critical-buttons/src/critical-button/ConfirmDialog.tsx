'use client'
import { type MouseEvent, type ReactNode, type RefObject, type SyntheticEvent, useEffect, useId, useRef } from 'react'
import { joinClassNames } from './classNames.js'
import { useEscape } from './useEscape.js'

export interface ConfirmDialogProps {
  title: string
  message: ReactNode
  /** Verb and object, never "OK". */
  confirmLabel: string
  cancelLabel: string
  /** Under way: it stays open, Escape does nothing and it shows `status`. */
  pending: boolean
  /** Where things stand, once confirmed. */
  status?: ReactNode
  /** Gets the focus back on close. */
  triggerRef: RefObject<HTMLElement | null>
  onConfirm: () => void
  onCancel: () => void
  className?: string | undefined
}

/**
 * Asks before something is sent. Native `<dialog>`, rendered where the button is: that alone works
 * inside every host modal. Mounted means open.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, message, confirmLabel, cancelLabel, pending, status, triggerRef, onConfirm, onCancel, className } = props
  const dialogRef = useRef<HTMLDialogElement>(null)
  const cancelRef = useRef<HTMLButtonElement>(null)
  const id = useId()

  useEffect(() => {
    const dialog = dialogRef.current
    const trigger = triggerRef.current
    if (dialog !== null && !dialog.open) open(dialog)
    cancelRef.current?.focus()
    return () => {
      // The browser gives the focus back only when the dialog is closed by itself, not when it is removed.
      if (dialog?.contains(document.activeElement) || document.activeElement === document.body) trigger?.focus()
    }
  }, [triggerRef])

  useEscape(() => {
    if (!pending) onCancel()
  })

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: clicks inside are only kept from the host's own handlers
    <dialog
      ref={dialogRef}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-message`}
      className={joinClassNames('cb-dialog', className)}
      data-part="dialog"
      onCancel={keepOpen}
      onClose={stop}
      onClick={stop}
      onPointerDown={stop}
    >
      <h2 id={`${id}-title`} className="cb-dialog-title" data-part="dialog-title">
        {title}
      </h2>
      <div id={`${id}-message`} className="cb-dialog-message" data-part="dialog-message">
        {message}
      </div>
      {status}
      <div className="cb-dialog-buttons" data-part="dialog-buttons">
        <button
          ref={cancelRef}
          type="button"
          className="cb-button"
          data-look="solid"
          data-tone="info"
          data-part="dialog-cancel"
          aria-disabled={pending || undefined}
          onClick={pending ? undefined : onCancel}
        >
          {cancelLabel}
        </button>
        <button
          type="button"
          className="cb-button"
          data-look="solid"
          data-part="dialog-confirm"
          aria-disabled={pending || undefined}
          onClick={pending ? undefined : onConfirm}
        >
          {confirmLabel}
        </button>
      </div>
    </dialog>
  )
}

// Escape is ours (see useEscape); the browser's own closing would leave React's state behind.
function keepOpen(event: SyntheticEvent): void {
  event.preventDefault()
  event.stopPropagation()
}

function stop(event: SyntheticEvent | MouseEvent): void {
  event.stopPropagation()
}

function open(dialog: HTMLDialogElement): void {
  if (typeof dialog.showModal === 'function') dialog.showModal()
  else dialog.setAttribute('open', '')
}
