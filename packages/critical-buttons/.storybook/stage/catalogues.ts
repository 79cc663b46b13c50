import type { PartialMessages } from '../../src/messages/Messages.js'
import { arabic } from './arabic.js'
import { german } from './german.js'

/** The languages of the locale toolbar; English is built in. */
export const catalogues: Record<string, PartialMessages> = { de: german, ar: arabic }
