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
    if (active) {
      if (spinningSince.current !== null) {
        setShown(phase)
        return
      }
      const timer = setTimeout(() => {
        spinningSince.current = Date.now()
        setShown(phase)
      }, SPINNER_AFTER_MS)
      return () => clearTimeout(timer)
    }
    const since = spinningSince.current
    const rest = since === null ? 0 : Math.max(0, since + SPINNER_AT_LEAST_MS - Date.now())
    const show = () => {
      spinningSince.current = null
      setShown(phase)
    }
    if (rest === 0) {
      show()
      return
    }
    const timer = setTimeout(show, rest)
    return () => clearTimeout(timer)
  }, [active, phase])

  return shown
}
