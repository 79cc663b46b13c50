'use client'
import type { LeadStatus } from '@org/contracts/client'
import { type RefObject, useEffect, useRef } from 'react'
import { focusedElement, hasLostFocusTo } from '../announcer/focusedElement.js'
import { joinClassNames } from '../critical-button/classNames.js'
import { intoButton } from '../critical-button/intoButton.js'
import { KEPT_WHOLLY } from '../critical-button/keptFromHost.js'
import { part } from '../critical-button/part.js'
import { useAnchoredPosition } from '../critical-button/useAnchoredPosition.js'
import { useOutside } from '../critical-button/useOutside.js'
import { useTopLayer } from '../critical-button/useTopLayer.js'
import { nextItem } from './menuKeys.js'
import type { ChipLook } from './statusColors.js'

export interface StatusOption {
  value: LeadStatus
  label: string
  look: ChipLook
}

export interface StatusMenuProps {
  /** The menu's, which its button refers to. */
  id: string
  /** Accessible name: "Status of Anna Kim". */
  label: string
  options: readonly StatusOption[]
  current: LeadStatus
  /** Which item gets the focus on opening. @default 'current' */
  focusOn?: 'current' | 'last'
  /** Gets the focus back on close; the menu is placed at it. */
  triggerRef: RefObject<HTMLElement | null>
  onSelect: (status: LeadStatus) => void
  onClose: () => void
  className?: string | undefined
}

/** The menu of a status button: native popover where there is one. Mounted means open. */
export function StatusMenu(props: StatusMenuProps) {
  const { id, label, options, current, focusOn = 'current', triggerRef, onSelect, onClose, className } = props
  const menuRef = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', at: 0 })

  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      // Focus goes on from the button, as if the menu had not been there.
      triggerRef.current?.focus()
      onClose()
      return
    }
    const items = itemsOf(menuRef.current)
    const focused = menuRef.current && focusedElement(menuRef.current.ownerDocument)
    const next = nextItem(items, focused as HTMLElement | null, event.key, typed.current)
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }
  useOutside([menuRef, triggerRef], onClose)
  useTopLayer(menuRef, { onEscape: onClose, onHidden: onClose, onKey })
  useEffect(() => {
    const menu = menuRef.current
    const trigger = triggerRef.current
    const items = itemsOf(menu)
    const wanted = focusOn === 'last' ? items.at(-1) : items.find((item) => item.getAttribute('aria-checked') === 'true')
    ;(wanted ?? items[0])?.focus()
    return () => {
      if (trigger && hasLostFocusTo(menu, trigger.ownerDocument)) trigger.focus()
    }
  }, [focusOn, triggerRef])

  useAnchoredPosition(menuRef, triggerRef)

  return intoButton(
    triggerRef,
    <div ref={menuRef} id={id} role="menu" aria-label={label} tabIndex={-1} popover="manual" {...part('menu', className)} {...KEPT_WHOLLY}>
      {options.map(({ value, label: text, look }) => (
        <button
          key={value}
          type="button"
          role="menuitemradio"
          aria-checked={value === current}
          tabIndex={-1}
          {...part('menu-item')}
          onClick={() => onSelect(value)}
        >
          <span
            className={joinClassNames('cb-swatch', look.className)}
            data-status={value}
            data-tone={look.tone}
            style={look.style}
            aria-hidden="true"
          />
          <span {...part('menu-label')}>{text}</span>
        </button>
      ))}
    </div>,
  )
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])]
}
