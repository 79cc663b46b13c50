import type { ActionMessages, CommonMessages } from './Messages.js'

/**
 * The sentences of one action: the button's own, over the catalogue's, over English. The English
 * object itself where nothing else is given, because every rendering asks. Pure.
 */
export function actionMessages(
  messages: CommonMessages,
  actionName: string,
  english: ActionMessages,
  own: Partial<ActionMessages> | undefined,
): ActionMessages {
  const known = messages.actions[actionName]
  return known === undefined && own === undefined ? english : { ...english, ...known, ...own }
}
