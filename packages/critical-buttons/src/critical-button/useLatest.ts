'use client'
import { type RefObject, useInsertionEffect, useRef } from 'react'

/** The value of the latest rendering that was shown, for listeners and timers that outlive it. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value)
  useInsertionEffect(() => {
    latest.current = value
  })
  return latest
}
