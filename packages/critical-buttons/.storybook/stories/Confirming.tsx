import { type ReactNode, useEffect, useRef } from 'react'
import type { ConfirmDialogProps } from '../../src/critical-button/ConfirmDialog.js'
import type { StatusMenuProps } from '../../src/lead-status-button/StatusMenu.js'

/** Clicks the button in it once, so that its question is there. */
export function Confirming({ children }: { children: ReactNode }) {
  const cell = useRef<HTMLDivElement>(null)
  useEffect(() => cell.current?.querySelector<HTMLElement>('[data-part="button"]')?.click(), [])
  return <div ref={cell}>{children}</div>
}

/** The question as the dialog looks, in its place instead of over the page: there is room for one dialog at a time. */
export function QuestionInPlace({ title, message, confirmLabel, cancelLabel, isFinal }: ConfirmDialogProps) {
  return (
    <div className="cb-dialog matrix-question">
      <p className="cb-dialog-title">{title}</p>
      <div className="cb-dialog-message">{message}</div>
      <div className="cb-dialog-buttons">
        <span className="cb-button" data-look="solid" data-tone="info">
          <span className="cb-label">{cancelLabel}</span>
        </span>
        <span className="cb-button" data-look="solid" data-tone={isFinal ? 'warning' : undefined}>
          <span className="cb-label">{confirmLabel}</span>
        </span>
      </div>
    </div>
  )
}

/** Chooses at once what is asked about. */
export function ChoosesLost({ onSelect }: StatusMenuProps) {
  useEffect(() => onSelect('lost'), [onSelect])
  return null
}
