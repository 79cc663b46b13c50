'use client'
import { useEffect, useRef, useState } from 'react'
import { type ButtonPhase, isActivePhase } from '../mutation-controller/phase.js'
import { SPINNER_AFTER_MS, SPINNER_AT_LEAST_MS } from './timing.js'

/**
 * The phase a person sees, which lags behind the true one: no spinner for quick answers, and no
 * flicker of one that is shown. `idle` means: nothing to show yet.
 */
export function useShownPhase(phase: ButtonPhase): ButtonPhase {
  const active = isActivePhase(phase)
  const [shown, setShown] = useState<ButtonPhase>(active ? 'idle' : phase)
  const spinningSince = useRef<number | null>(null)

  useEffect(() => {
    const since = spinningSince.current
    const show = () => {
      spinningSince.current = active ? (since ?? Date.now()) : null
      setShown(phase)
    }
    const waitMs = showsAfterMs(active, since)
    if (waitMs <= 0) {
      show()
      return
    }
    const timer = setTimeout(show, waitMs)
    return () => clearTimeout(timer)
  }, [active, phase])

  return shown
}

/** `since`: when the spinner began to show, in epoch ms; null while none does. */
function showsAfterMs(active: boolean, since: number | null): number {
  if (active) return since === null ? SPINNER_AFTER_MS : 0
  return since === null ? 0 : since + SPINNER_AT_LEAST_MS - Date.now()
}
