'use client'
import type { CatalogueInUse, PartialMessages } from '../messages/Messages.js'
import { mergeMessages } from '../messages/mergeMessages.js'
import { type Environment, useEnvironment } from '../provider/environment.js'
import { commonWords } from './commonWords.js'

/** One catalogue is laid over English once, not once a row. */
const inUse = new WeakMap<PartialMessages, CatalogueInUse>()

/** The words of an environment; English where its provider says nothing. */
export function messagesOf({ messages }: Environment): CatalogueInUse {
  if (messages === undefined) return commonWords
  const known = inUse.get(messages) ?? mergeMessages<CatalogueInUse>(commonWords, messages)
  inUse.set(messages, known)
  return known
}

/** The provider's words. */
export function useMessages(): CatalogueInUse {
  return messagesOf(useEnvironment())
}
