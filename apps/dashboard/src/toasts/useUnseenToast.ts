import { type RefObject, useRef } from 'react'
import { isInView } from './isInView.js'
import { type Toast, toast } from './toast.js'

/** How a button's click ended, for a person who left that button behind. */
export interface UnseenToast<Trigger extends Element> {
  /** Of the button that says the same where it is in view. */
  trigger: RefObject<Trigger | null>
  /** Shows a note, unless the button is in view: two voices about one click are one too many. */
  tell(tone: Toast['tone'], text: string): void
}

/** Notes about one button's clicks, for when it is scrolled away or gone. */
export function useUnseenToast<Trigger extends Element>(): UnseenToast<Trigger> {
  const trigger = useRef<Trigger>(null)
  const tell = (tone: Toast['tone'], text: string) => {
    if (!isInView(trigger.current)) toast(tone, text)
  }
  return { trigger, tell }
}
