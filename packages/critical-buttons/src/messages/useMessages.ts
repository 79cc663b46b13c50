'use client'
import { useEnvironment } from '../provider/environment.js'
import { commonEnglish } from './commonEnglish.js'
import type { CommonMessages, PartialMessages } from './Messages.js'

const complete = new WeakMap<PartialMessages, CommonMessages>()

/** The provider's catalogue over the English one. */
export function useMessages(): CommonMessages {
  const { messages } = useEnvironment()
  if (messages === undefined) return commonEnglish
  const known = complete.get(messages) ?? { ...commonEnglish, ...messages, buttons: { ...commonEnglish.buttons, ...messages.buttons } }
  complete.set(messages, known)
  return known
}
