import { type RefObject, useEffect } from 'react'

/**
 * Keeps the element's height in a custom property of the page, in px: what lies over the page, so that nothing the
 * keyboard reaches is scrolled to behind it. 0 while the element is hidden.
 */
export function useHeightProperty(element: RefObject<HTMLElement | null>, property: `--${string}`): void {
  useEffect(() => {
    const root = document.documentElement
    const observer = new ResizeObserver(() => root.style.setProperty(property, `${element.current?.offsetHeight ?? 0}px`))
    if (element.current) observer.observe(element.current)
    return () => {
      observer.disconnect()
      root.style.removeProperty(property)
    }
  }, [element, property])
}
