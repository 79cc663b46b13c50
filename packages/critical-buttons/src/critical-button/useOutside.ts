'use client'
import { type RefObject, useEffect } from 'react'
import { useLatest } from './useLatest.js'

const WATCHED = ['pointerdown', 'focusin', 'keydown', 'pointerout']

/**
 * Calls when something outside all of these is pressed or gets the focus; not when a host takes the focus because the
 * pointer passes over it, as menus do, for then it is on its way in here. Before `useTopLayer`, which keeps keys to itself.
 */
export function useOutside(insides: readonly RefObject<Element | null>[], onOutside: () => void): void {
  const latest = useLatest({ insides, onOutside })
  useEffect(() => {
    const view = latest.current.insides[0]?.current?.ownerDocument.defaultView ?? window
    let input = ''
    const look = (event: Event) => {
      if (event.type !== 'focusin') input = event.type
      if (input === 'pointerout' || event.type === 'keydown') return
      // In a shadow root the target is another one out here.
      const path = event.composedPath()
      if (!latest.current.insides.some(({ current }) => current && path.includes(current))) latest.current.onOutside()
    }
    const stop = new AbortController()
    for (const type of WATCHED) view.addEventListener(type, look, { capture: true, signal: stop.signal })
    return () => stop.abort()
  }, [latest])
}
