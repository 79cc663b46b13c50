import type { Ref } from 'react'

/** Hands an element to a ref as React 19 does. What it returns takes it back: the ref's own clean-up, where it gave one, else null. */
export function attachRef<T>(ref: Ref<T> | undefined, node: T): () => void {
  if (!ref) return () => {}
  if (typeof ref === 'object') {
    ref.current = node
    return () => {
      ref.current = null
    }
  }
  const cleanUp: unknown = ref(node)
  return typeof cleanUp === 'function' ? () => void cleanUp() : () => void ref(null)
}
