'use client'
import { type RefObject, useEffect } from 'react'
import { useLatest } from './useLatest.js'

/** Calls when something outside all of these is pressed or gets the focus. */
export function useOutside(insides: readonly RefObject<Element | null>[], onOutside: () => void): void {
  const latest = useLatest({ insides, onOutside })
  useEffect(() => {
    const view = latest.current.insides[0]?.current?.ownerDocument.defaultView ?? window
    const look = (event: Event) => {
      // In a shadow root the target is another one out here.
      const path = event.composedPath()
      if (!latest.current.insides.some(({ current }) => current && path.includes(current))) latest.current.onOutside()
    }
    view.addEventListener('pointerdown', look, { capture: true })
    view.addEventListener('focusin', look, { capture: true })
    return () => {
      view.removeEventListener('pointerdown', look, { capture: true })
      view.removeEventListener('focusin', look, { capture: true })
    }
  }, [latest])
}
