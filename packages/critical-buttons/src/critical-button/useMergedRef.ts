'use client'
import { type Ref, type RefObject, useMemo } from 'react'

/** One ref for our own and the host's; our own itself when the host has none. */
export function useMergedRef<T>(own: RefObject<T | null>, host: Ref<T>): Ref<T> {
  return useMemo(() => {
    if (host === null) return own
    return (node: T | null) => {
      own.current = node
      if (typeof host === 'function') host(node)
      else host.current = node
    }
  }, [own, host])
}
