import type { ActionMessages, CommonMessages } from '../messages/Messages.js'

/**
 * The sentences of one action: the button's own, over the catalogue's for this action, over the catalogue's for all
 * actions, over English. The English object itself where nothing else is given, because every rendering asks. Pure.
 */
export function actionMessages(
  { actions }: CommonMessages,
  actionName: string,
  english: ActionMessages,
  own: Partial<ActionMessages> | undefined,
): ActionMessages {
  const { [actionName]: known, default: general } = actions
  return known === undefined && general === undefined && own === undefined ? english : { ...english, ...general, ...known, ...own }
}
