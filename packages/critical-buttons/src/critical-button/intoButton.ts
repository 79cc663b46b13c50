import type { ReactNode, ReactPortal, RefObject } from 'react'
import { createPortal } from 'react-dom'

/**
 * Puts what goes to the top layer beside its button, where every host modal lets it work. By a portal, because a
 * button may stand in a paragraph: there React would warn of a dialog or a list of items among its words.
 */
export function intoButton(triggerRef: RefObject<HTMLElement | null>, content: ReactNode): ReactPortal | null {
  const root = triggerRef.current?.parentElement
  return root ? createPortal(content, root) : null
}
