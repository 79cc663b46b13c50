'use client'
import { type Environment, useEnvironment } from '../provider/environment.js'
import { commonEnglish } from './commonEnglish.js'
import type { CommonMessages } from './Messages.js'

/** The words of an environment; English without a provider's. */
export function messagesOf({ messages }: Environment): CommonMessages {
  return messages ?? commonEnglish
}

/** The provider's words. */
export function useMessages(): CommonMessages {
  return messagesOf(useEnvironment())
}
