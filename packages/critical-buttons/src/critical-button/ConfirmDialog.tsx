'use client'
import { type ReactNode, type RefObject, type SyntheticEvent, useEffect, useId, useRef } from 'react'
import { hasLostFocusTo } from '../announcer/focusedElement.js'
import { intoButton } from './intoButton.js'
import { KEPT_WHOLLY, keepFromHost } from './keptFromHost.js'
import { part } from './part.js'
import { useTopLayer } from './useTopLayer.js'

export interface ConfirmDialogProps {
  title: string
  message: ReactNode
  /** Verb and object, never "OK". */
  confirmLabel: string
  cancelLabel: string
  /** Under way: it stays open, Escape does nothing and it shows `status`. */
  pending: boolean
  /** It may not be confirmed now. @default false */
  isOff?: boolean
  /** While it is under way: `onCancel` takes it back. */
  canCancel?: boolean
  /** What is asked cannot be changed afterwards. */
  isFinal?: boolean | undefined
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
  const {
    title,
    message,
    confirmLabel,
    cancelLabel,
    pending,
    isOff = false,
    canCancel,
    isFinal,
    status,
    triggerRef,
    onConfirm,
    onCancel,
    className,
  } = props
  const dialogRef = useRef<HTMLDialogElement>(null)
  const cancelRef = useRef<HTMLButtonElement>(null)
  const id = useId()

  const leave = () => pending || onCancel()
  useTopLayer(dialogRef, { onEscape: leave, onHidden: leave })
  useEffect(() => {
    const [dialog, trigger] = [dialogRef.current, triggerRef.current]
    cancelRef.current?.focus()
    return () => {
      // The browser gives the focus back only when the dialog is closed by itself, not when it is removed.
      if (trigger && hasLostFocusTo(dialog, trigger.ownerDocument)) trigger.focus()
    }
  }, [triggerRef])

  const choice = (kind: string, isOff: boolean, onClick: () => void) => ({
    type: 'button' as const,
    className: 'cb-button',
    'data-look': 'solid',
    'data-part': kind,
    'aria-disabled': isOff || undefined,
    onClick: isOff ? undefined : onClick,
  })
  return intoButton(
    triggerRef,
    <dialog
      {...part('dialog', className)}
      {...KEPT_WHOLLY}
      ref={dialogRef}
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={`${id}t`}
      aria-describedby={`${id}m`}
      onCancel={keepOpen}
      onClose={keepFromHost}
    >
      <h2 {...part('dialog-title')} id={`${id}t`}>
        {title}
      </h2>
      <div {...part('dialog-message')} id={`${id}m`}>
        {message}
      </div>
      {status || <p {...part('dialog-status')} />}
      <div {...part('dialog-buttons')}>
        <button {...choice('dialog-cancel', pending && !canCancel, onCancel)} ref={cancelRef} data-tone="info">
          <span {...part('label')}>{cancelLabel}</span>
        </button>
        <button {...choice('dialog-confirm', pending || isOff, onConfirm)} data-tone={isFinal && 'warning'}>
          <span {...part('label')}>{confirmLabel}</span>
        </button>
      </div>
    </dialog>,
  )
}

// Escape is ours (see useTopLayer); the browser's own closing would leave React's state behind.
function keepOpen(event: SyntheticEvent): void {
  event.preventDefault()
  keepFromHost(event)
}
