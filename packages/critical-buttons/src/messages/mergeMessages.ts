import { createEnglishMessages } from './english.js'
import type { ActionMessages, Messages, PartialMessages } from './Messages.js'

/** The English catalogue, shared by everything that has no other. */
export const englishMessages: Messages = createEnglishMessages()

/** Lays parts of a catalogue over a full one, section by section. */
export function mergeMessages(parts: PartialMessages, base: Messages = englishMessages): Messages {
  const actions = { ...base.actions }
  for (const [name, words] of Object.entries(parts.actions ?? {})) {
    const known = actions[name as keyof Messages['actions']] ?? base.actions.default
    actions[name as keyof Messages['actions']] = { ...known, ...words }
  }
  return {
    ...base,
    ...(parts as Partial<Messages>),
    actions,
    errors: { ...base.errors, ...parts.errors },
    statuses: { ...base.statuses, ...parts.statuses },
    smsStatuses: { ...base.smsStatuses, ...parts.smsStatuses },
    buttons: { ...base.buttons, ...parts.buttons },
    indicator: { ...base.indicator, ...parts.indicator },
    history: { ...base.history, ...parts.history },
  }
}

/** The words of an action; an action the catalogue does not know gets the general ones. */
export function actionMessages(messages: Messages, actionName: string): ActionMessages {
  return messages.actions[actionName as keyof Messages['actions']] ?? messages.actions.default
}
