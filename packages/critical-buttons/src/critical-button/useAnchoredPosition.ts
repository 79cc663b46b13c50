'use client'
import { type RefObject, useLayoutEffect } from 'react'

const GAP_PX = 4
const EDGE_PX = 8

interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** Where a menu goes: under its button, above it when there is more room, and never off the screen. Pure. */
export function placeMenu(
  anchor: Box,
  size: { width: number; height: number },
  screen: { width: number; height: number },
  rtl: boolean,
): { left: number; top: number } {
  const below = screen.height - anchor.bottom - GAP_PX
  const above = anchor.top - GAP_PX
  const goesUp = size.height > below && above > below
  const top = goesUp ? anchor.top - GAP_PX - size.height : anchor.bottom + GAP_PX
  const left = rtl ? anchor.right - size.width : anchor.left
  return {
    left: Math.max(EDGE_PX, Math.min(left, screen.width - size.width - EDGE_PX)),
    top: Math.max(EDGE_PX, Math.min(top, screen.height - size.height - EDGE_PX)),
  }
}

/** Keeps a menu at its button while it is open. */
export function useAnchoredPosition(menuRef: RefObject<HTMLElement | null>, anchorRef: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const view = anchorRef.current?.ownerDocument.defaultView ?? window
    const place = () => {
      const [menu, anchor] = [menuRef.current, anchorRef.current]
      if (menu === null || anchor === null) return
      const screen = { width: anchor.ownerDocument.documentElement.clientWidth, height: view.innerHeight }
      const rtl = getComputedStyle(anchor).direction === 'rtl'
      const { left, top } = placeMenu(anchor.getBoundingClientRect(), { width: menu.offsetWidth, height: menu.offsetHeight }, screen, rtl)
      menu.style.left = `${left}px`
      menu.style.top = `${top}px`
    }
    // The popover has no size before it is shown, which happens in an effect of its own.
    const frame = view.requestAnimationFrame(place)
    place()
    const stop = new AbortController()
    view.addEventListener('scroll', place, { capture: true, passive: true, signal: stop.signal })
    view.addEventListener('resize', place, { signal: stop.signal })
    return () => {
      view.cancelAnimationFrame(frame)
      stop.abort()
    }
  }, [menuRef, anchorRef])
}
