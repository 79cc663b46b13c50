import { VALID_STATUSES } from '@org/contracts'
import { createEnglishMessages } from '../../src/catalogue/createEnglishMessages.js'
import type { Messages } from '../../src/messages/Messages.js'
import { catalogues } from './catalogues.js'

/** Every word in the language of the locale toolbar: play functions look for these, so that they hold in each language. */
export function wordsOf({ globals: { locale } }: { globals: { locale?: string } }): Messages {
  const english = createEnglishMessages()
  const other = catalogues[locale ?? 'en'] ?? english
  const statuses = Object.fromEntries(VALID_STATUSES.map(({ value, label }) => [value, other.statuses[value] ?? label]))
  return { ...english, ...other, statuses, actions: { ...english.actions, ...other.actions } }
}
