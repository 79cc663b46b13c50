'use client'
import { useEffect, useState } from 'react'

/** A countdown in words needs no more. */
const EVERY_MS = 5_000

/**
 * The time now, in epoch ms, renewed every 5 s.
 * @param until counted towards, steadily however the clock is set meanwhile; true: as the clock says; else not renewed
 */
export function useNow(until: number | boolean | undefined): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!until) return
    const began = Date.now() - performance.now()
    const look = () => setNow(until === true ? Date.now() : began + performance.now())
    look()
    const timer = setInterval(look, EVERY_MS)
    return () => clearInterval(timer)
  }, [until])
  return now
}
