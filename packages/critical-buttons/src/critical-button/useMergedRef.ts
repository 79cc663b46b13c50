'use client'
import { type Ref, type RefObject, useCallback } from 'react'

/** One ref callback for our own ref and the host's; stable while both are. */
export function useMergedRef<T>(own: RefObject<T | null>, host: Ref<T>): (node: T | null) => void {
  return useCallback(
    (node: T | null) => {
      own.current = node
      if (typeof host === 'function') host(node)
      else if (host !== null) host.current = node
    },
    [own, host],
  )
}
