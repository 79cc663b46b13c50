import { arabic } from './arabic.js'
import type { Catalogue } from './Catalogue.js'
import { german } from './german.js'

/** The languages of the locale toolbar; English is built in. */
export const catalogues: Record<string, Catalogue> = { de: german, ar: arabic }
