'use client'
import { type Environment, useEnvironment } from '../provider/environment.js'
import { commonEnglish } from './commonEnglish.js'
import type { CommonMessages, PartialMessages } from './Messages.js'

const complete = new WeakMap<PartialMessages, CommonMessages>()

/** An environment's catalogue over the English one. */
export function messagesOf({ messages }: Environment): CommonMessages {
  if (messages === undefined) return commonEnglish
  const known = complete.get(messages) ?? { ...commonEnglish, ...messages, buttons: { ...commonEnglish.buttons, ...messages.buttons } }
  complete.set(messages, known)
  return known
}

/** The provider's catalogue over the English one. */
export function useMessages(): CommonMessages {
  return messagesOf(useEnvironment())
}
