'use client'
import { type RefObject, useEffect, useRef } from 'react'

/**
 * Gives the focus to the trigger when the control that was pressed is gone afterwards; without
 * this it would fall to the top of the page.
 * @returns to be called with the control that was pressed
 */
export function useFocusReturn(triggerRef: RefObject<HTMLElement | null>): (pressed: HTMLElement) => void {
  const pressed = useRef<HTMLElement | null>(null)
  const giveBack = () => {
    if (pressed.current === null || pressed.current.isConnected) return
    pressed.current = null
    triggerRef.current?.focus()
  }
  // After each rendering, and when what was pressed goes together with this.
  useEffect(() => {
    giveBack()
    return giveBack
  })
  return (control) => {
    pressed.current = control
  }
}
