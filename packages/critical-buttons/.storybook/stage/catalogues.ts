import { arabic } from '../../src/locales/ar.js'
import type { Catalogue } from '../../src/locales/Catalogue.js'
import { german } from '../../src/locales/de.js'

/** The languages of the locale toolbar; English is built in. */
export const catalogues: Record<string, Catalogue> = { de: german, ar: arabic }
