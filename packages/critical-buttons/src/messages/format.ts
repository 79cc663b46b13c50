import { once } from './once.js'

/** Number formats of one locale, made on first use. */
export interface Formatter {
  number(value: number): string
  /** Picks a plural form; `other` is used for categories that are not given. */
  plural(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string
  /** "30 seconds", "2 minutes": whole units, at least one second. */
  duration(ms: number): string
}

const MINUTE_MS = 60_000

/** Makes the formatter of a locale. */
export function createFormatter(locale: string): Formatter {
  const plurals = once(() => new Intl.PluralRules(locale))
  const inUnits = (value: number, unit: string) => value.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'long' })
  return {
    number: (value) => value.toLocaleString(locale),
    plural: (count, forms) => forms[plurals().select(count)] ?? forms.other,
    duration: (ms) => (ms < 1.5 * MINUTE_MS ? inUnits(Math.ceil(ms / 1_000), 'second') : inUnits(Math.round(ms / MINUTE_MS), 'minute')),
  }
}
