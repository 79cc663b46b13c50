'use client'
import { type RefObject, useEffect } from 'react'
import { useLatest } from './useLatest.js'

export interface TopLayerOptions {
  onEscape: () => void
  /** The host took it off the screen, as a tab panel does: what is asked there would block the page unseen. */
  onHidden: () => void
  /** A key pressed inside. */
  onKey?: (event: KeyboardEvent) => void
}

/**
 * Keeps a `<dialog>` or a popover in the top layer while it is mounted, also when the host moves it about in the
 * document, and takes the keys inside of it before anyone else: a host that listens too would close under it, or move.
 */
export function useTopLayer(ref: RefObject<HTMLElement | null>, options: TopLayerOptions): void {
  const latest = useLatest(options)
  useEffect(() => {
    const element = ref.current
    const view = element?.ownerDocument.defaultView
    if (!element || !view) return
    rise(element)
    const take = (event: KeyboardEvent) => {
      const isPress = event.type === 'keydown'
      if (event.key === 'Escape' && isPress) {
        event.preventDefault()
        event.stopImmediatePropagation()
        // Let go of, it is the same press, though nothing is open any more.
        view.addEventListener('keyup', (up) => up.key === 'Escape' && up.stopImmediatePropagation(), { capture: true, once: true })
        latest.current.onEscape()
      } else if (event.composedPath().includes(element)) {
        // The browser still presses what has the focus by Enter and Space, and moves it by Tab.
        event.stopImmediatePropagation()
        if (isPress) latest.current.onKey?.(event)
      }
    }
    const moves = new view.MutationObserver(() => element.isConnected && rise(element))
    moves.observe(element.getRootNode(), { childList: true, subtree: true })
    const sizes = view.ResizeObserver && new view.ResizeObserver(() => element.checkVisibility?.() === false && latest.current.onHidden())
    sizes?.observe(element)
    const stop = new AbortController()
    for (const type of ['keydown', 'keyup'] as const) view.addEventListener(type, take, { capture: true, signal: stop.signal })
    return () => {
      stop.abort()
      moves.disconnect()
      sizes?.disconnect()
      sink(element)
    }
  }, [ref, latest])
}

function rise(element: HTMLElement): void {
  if (element.tagName === 'DIALOG') riseDialog(element as HTMLDialogElement)
  else if (element.showPopover && !element.matches(':popover-open')) element.showPopover()
}

function riseDialog(dialog: HTMLDialogElement): void {
  if (!dialog.showModal) dialog.setAttribute('open', '')
  else if (!dialog.matches(':modal')) {
    // Moved in the document it stays open, but in the row.
    dialog.removeAttribute('open')
    dialog.showModal()
  }
}

// The browser does so by itself only for what is removed, not for what a hidden part of the page keeps.
function sink(element: HTMLElement): void {
  if (element.tagName === 'DIALOG') (element as HTMLDialogElement).close?.()
  else if (element.hidePopover && element.matches(':popover-open')) element.hidePopover()
}
