'use client'
import { type ReactNode, type RefObject, useRef, useState } from 'react'
import { Icon } from './Icon.js'
import { KEPT, KEPT_WHOLLY } from './keptFromHost.js'
import { ProgressBar } from './ProgressBar.js'
import { part } from './part.js'
import { PHASE_LOOKS } from './phaseLooks.js'
import { Description, type StatusProps, useStatus } from './StatusLine.js'
import { useAnchoredPosition } from './useAnchoredPosition.js'
import { useOutside } from './useOutside.js'
import { useTopLayer } from './useTopLayer.js'

/**
 * Where things stand, as a sign beside the button: a table row keeps its height. Pointing at it or pressing it opens the
 * words and what can be done; Escape closes them.
 */
export function CompactStatus({ model, input }: StatusProps) {
  const status = useStatus({ model, input })
  const [open, setOpen] = useState<'pointed' | 'pressed'>()
  const toggle = useRef<HTMLButtonElement>(null)
  if (!status) return <Description model={model} />
  const close = () => setOpen(undefined)
  return (
    <span
      {...part('compact')}
      {...KEPT}
      onPointerEnter={() => setOpen((was) => was ?? 'pointed')}
      onPointerLeave={() => open === 'pointed' && close()}
    >
      <button
        ref={toggle}
        type="button"
        {...part('status-toggle')}
        data-tone={status.tone}
        aria-label={status.text}
        aria-expanded={open !== undefined}
        onClick={() => setOpen((was) => (was === 'pressed' ? undefined : 'pressed'))}
      >
        <Icon name={PHASE_LOOKS[input.phase]?.[0] ?? 'warning'} />
      </button>
      <Description model={model} text={status.text} />
      {open && (
        <StatusPopover toggle={toggle} onClose={close}>
          {model.progress && <ProgressBar model={model} />}
          <span {...part('status', model.options.classNames?.status)} data-tone={status.tone}>
            <span data-part="status-text">{status.text}</span>
            {model.details}
            <span {...part('actions')}>{status.actions}</span>
          </span>
        </StatusPopover>
      )}
    </span>
  )
}

interface StatusPopoverProps {
  toggle: RefObject<HTMLButtonElement | null>
  onClose: () => void
  children: ReactNode
}

function StatusPopover({ toggle, onClose, children }: StatusPopoverProps) {
  const ref = useRef<HTMLSpanElement>(null)
  useOutside([ref, toggle], onClose)
  useTopLayer(ref, { onEscape: onClose, onHidden: onClose })
  useAnchoredPosition(ref, toggle)
  return (
    <span ref={ref} popover="manual" {...part('status-popover')} {...KEPT_WHOLLY}>
      {children}
    </span>
  )
}
