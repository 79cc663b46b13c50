'use client'
import { useEffect, useState } from 'react'

/** A countdown in words needs no more. */
const EVERY_MS = 5_000

/** The time now, in epoch ms, renewed every 5 s while `active`. */
export function useNow(active: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!active) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS)
    return () => clearInterval(timer)
  }, [active])
  return now
}
