'use client'
import { useEffect } from 'react'
import { useLatest } from './useLatest.js'

/**
 * Takes Escape before anyone else: a host modal that listens too would close under the dialog.
 * The last one mounted wins.
 */
export function useEscape(onEscape: () => void): void {
  const latest = useLatest(onEscape)
  useEffect(() => {
    const take = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopImmediatePropagation()
      latest.current()
    }
    window.addEventListener('keydown', take, { capture: true })
    return () => window.removeEventListener('keydown', take, { capture: true })
  }, [latest])
}
